using System.Buffers;

namespace ActorEmbed.Inference.Tokenization;

/// <summary>The characters of Unicode's White_Space property, for .NET and for Rust the same.</summary>
internal static class WhiteSpace
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<char> Characters { get; } =
        [.. Enumerable.Range(0, char.MaxValue + 1).Select(c => (char)c).Where(char.IsWhiteSpace)];

    /// <summary>The same, to search with.</summary>
    public static SearchValues<char> Any { get; } = SearchValues.Create([.. Characters]);
}
