namespace ActorEmbed.Inference;

/// <summary>
/// The lengths that a model's vectors can be cut to, as its repository names them; models that were trained for it keep
/// most of their quality there. Two with the same lengths are equal.
/// </summary>
public sealed class MatryoshkaDimensions : IEquatable<MatryoshkaDimensions>
{
    private readonly int[] _all;

    /// <param name="lengths">The lengths, in any order.</param>
    public MatryoshkaDimensions(params IEnumerable<int> lengths) => _all = [.. lengths.Distinct().OrderDescending()];

    /// <summary>The repository names none.</summary>
    public static MatryoshkaDimensions None { get; } = new();

    /// <summary>The longest first.</summary>
    public IReadOnlyList<int> All => _all;

    /// <inheritdoc />
    public bool Equals(MatryoshkaDimensions? other) => other is not null && _all.AsSpan().SequenceEqual(other._all);

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as MatryoshkaDimensions);

    /// <inheritdoc />
    public override int GetHashCode() => _all.Aggregate(0, HashCode.Combine);
}
