using ActorEmbed.Inference.Operators.Native;

namespace ActorEmbed.Inference.Operators;

/// <summary>The attributes of a node while its kernel is made.</summary>
/// <param name="node">ONNX Runtime's handle.</param>
internal readonly ref struct OperatorAttributes(nint node)
{
    /// <exception cref="InvalidOperationException">The node has none of this name.</exception>
    public float Float(string name) => OnnxApi.FloatAttribute(node, name);

    /// <inheritdoc cref="Float" />
    public int Integer(string name) => checked((int)OnnxApi.IntegerAttribute(node, name));
}
