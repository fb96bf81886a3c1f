using ActorEmbed.Inference.Tokenization;

namespace ActorEmbed.Bench.StandIn;

/// <summary>
/// Token ids without a tokenizer: one id for every four characters, drawn by their hash from the whole vocabulary.
/// Random weights make every id as good as another.
/// </summary>
internal sealed class StandInIds : ITextTokenizer
{
    private const int CharactersPerToken = 4;
    private const int Begin = 0, End = 2;

    public int PaddingId => 1;

    public TokenizedText Tokenize(string text)
    {
        var ids = text.Chunk(CharactersPerToken).Select(Hash).Take(StandInShape.MaxTokens - 2);
        return new TokenizedText([Begin, .. ids, End], IsTruncated: false);
    }

    /// <summary>A text of a given number of tokens, the two special ones included.</summary>
    public static int[] Draw(Random random, int tokens)
    {
        var ids = new int[tokens];
        foreach (ref var id in ids.AsSpan())
            id = random.Next(StandInShape.FirstOrdinaryId, StandInShape.Vocabulary);
        (ids[0], ids[^1]) = (Begin, End);
        return ids;
    }

    private static int Hash(char[] characters)
    {
        // FNV-1a: the same ids in every process, unlike string.GetHashCode.
        var hash = 2166136261u;
        foreach (var character in characters)
            hash = (hash ^ character) * 16777619u;
        return StandInShape.FirstOrdinaryId + (int)(hash % (StandInShape.Vocabulary - StandInShape.FirstOrdinaryId));
    }
}
