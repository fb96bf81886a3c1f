using System.Globalization;

namespace ActorEmbed.Inference.Graphs;

/// <summary>What every run of a session takes that was opened for a device which knows no other shapes. T is the product of both.</summary>
/// <param name="Texts">B: texts.</param>
/// <param name="Length">S: tokens of each, with its padding.</param>
internal readonly record struct FixedShape(int Texts, int Length)
{
    /// <summary>T: tokens of all texts, with their padding.</summary>
    public int Tokens => Texts * Length;

    /// <summary>The sizes by the names that a graph's inputs have for them.</summary>
    public IEnumerable<(string Name, int Size)> Sizes => [("B", Texts), ("S", Length), ("T", Tokens)];

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Texts}x{Length}");
}
