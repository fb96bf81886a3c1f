namespace ActorEmbed.Inference.Tokenization.Pipeline.Decoders;

/// <summary>What is done to each piece by itself.</summary>
/// <param name="decode">Takes a piece, whether it is the first and whether it is the last.</param>
internal sealed class PieceDecoder(Func<string, bool, bool, string> decode) : ITokenDecoder
{
    // What WordPiece's clean-up takes back, in this order.
    private static readonly (string Spaced, string Close)[] CleanUps =
    [
        (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"), (" 'm", "'m"), (" do not", " don't"),
        (" 's", "'s"), (" 've", "'ve"), (" 're", "'re"),
    ];

    /// <summary>Pieces with a space between them, as they are: where a tokenizer names no decoder.</summary>
    public static PieceDecoder Spaced { get; } = new((piece, isFirst, _) => isFirst ? piece : " " + piece);

    /// <summary>A mark stands for a space; the one at the beginning was put there.</summary>
    public static PieceDecoder Metaspace(char mark, bool isPrepended) => new((piece, isFirst, _) =>
        isFirst && isPrepended ? piece.Replace(mark.ToString(), "", StringComparison.Ordinal) : piece.Replace(mark, ' '));

    /// <summary>A prefix marks what goes on with the word before.</summary>
    public static PieceDecoder WordPiece(string prefix, bool cleansUp) => new((piece, isFirst, _) =>
    {
        var spaced = isFirst ? piece : piece.StartsWith(prefix, StringComparison.Ordinal) ? piece[prefix.Length..] : " " + piece;
        return cleansUp ? CleanUps.Aggregate(spaced, (text, one) => text.Replace(one.Spaced, one.Close, StringComparison.Ordinal)) : spaced;
    });

    /// <summary>A suffix marks the end of a word.</summary>
    public static PieceDecoder Suffixed(string suffix) => new((piece, _, isLast) => piece.Replace(suffix, isLast ? "" : " ", StringComparison.Ordinal));

    /// <summary>Takes a character away at the ends, so many times at most.</summary>
    public static PieceDecoder Strip(char content, int start, int stop) => new((piece, _, _) =>
    {
        var first = 0;
        while (first < start && first < piece.Length && piece[first] == content)
            first++;
        var end = piece.Length;
        while (piece.Length - end < stop && end > first && piece[end - 1] == content)
            end--;
        return piece[first..end];
    });

    public List<string> Decode(List<string> pieces)
    {
        for (var i = 0; i < pieces.Count; i++)
            pieces[i] = decode(pieces[i], i == 0, i == pieces.Count - 1);
        return pieces;
    }
}
