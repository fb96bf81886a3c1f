namespace ActorEmbed.Inference.Weights;

/// <summary>Where one tensor lies in a file; its bounds have been checked.</summary>
/// <param name="File">Path of that file.</param>
/// <param name="Name">As the file has it.</param>
/// <param name="Type">Element type.</param>
/// <param name="Shape">Sizes, slowest first; empty for a scalar.</param>
/// <param name="Offset">First byte, counted from the start of the file.</param>
/// <param name="Length">Bytes.</param>
internal sealed record WeightTensor(
    string File, string Name, WeightType Type, long[] Shape, long Offset, long Length)
{
    public long Elements => Shape.Aggregate(1L, (product, size) => product * size);
}
