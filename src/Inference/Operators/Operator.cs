namespace ActorEmbed.Inference.Operators;

/// <summary>An operator of our own, as the graphs know it.</summary>
/// <param name="Name">In the domain <see cref="OperatorDomain.Name"/>.</param>
/// <param name="Inputs">In the order of a node; those that may be left out come last.</param>
/// <param name="Outputs">Types of its results.</param>
/// <param name="Create">Makes what computes one node.</param>
internal sealed record Operator(
    string Name, OperatorInput[] Inputs, ElementType[] Outputs, Func<OperatorAttributes, OperatorKernel> Create);
