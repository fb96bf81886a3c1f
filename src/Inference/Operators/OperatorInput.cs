namespace ActorEmbed.Inference.Operators;

/// <summary>An input of an <see cref="Operator"/>.</summary>
/// <param name="Type">Of its elements.</param>
/// <param name="IsOptional">Whether a node may leave it out.</param>
internal readonly record struct OperatorInput(ElementType Type, bool IsOptional = false);
