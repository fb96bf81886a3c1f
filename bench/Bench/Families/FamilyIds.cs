using ActorEmbed.Inference.Tokenization;

namespace ActorEmbed.Bench.Families;

/// <summary>Token ids without a tokenizer, as <see cref="StandIn.StandInIds"/>, for a vocabulary of any size.</summary>
internal sealed class FamilyIds(FamilyShape shape) : ITextTokenizer
{
    private const int CharactersPerToken = 4;
    private const int FirstOrdinaryId = 4;
    private const int Begin = 0, End = 2;

    public int PaddingId => 1;

    public TokenizedText Tokenize(string text) =>
        new([Begin, .. text.Chunk(CharactersPerToken).Select(Hash).Take(shape.MaxTokens - 2), End], IsTruncated: false);

    /// <summary>A text of a given number of tokens, the two special ones included.</summary>
    public int[] Draw(Random random, int tokens)
    {
        var ids = new int[tokens];
        foreach (ref var id in ids.AsSpan())
            id = random.Next(FirstOrdinaryId, shape.Vocabulary);
        (ids[0], ids[^1]) = (Begin, End);
        return ids;
    }

    private int Hash(char[] characters)
    {
        // FNV-1a: the same ids in every process, unlike string.GetHashCode.
        var hash = 2166136261u;
        foreach (var character in characters)
            hash = (hash ^ character) * 16777619u;
        return FirstOrdinaryId + (int)(hash % (uint)(shape.Vocabulary - FirstOrdinaryId));
    }
}
