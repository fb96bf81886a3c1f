using ActorEmbed.Inference.Tokenization;

namespace ActorEmbed.Bench.Peers;

/// <summary>Makes texts of a wanted number of tokens from the pieces of the vocabulary.</summary>
internal sealed class PeerWords
{
    private const char WordStart = '\u2581';
    private const int SpecialTokensAround = 2;

    // Texts that quote another language are common enough to be part of the load.
    private const double MixesScripts = 0.2;

    private const double HasContinuation = 0.35;

    // The first letter of each script's Unicode block, in the blocks' order.
    private static readonly int[] Blocks = [0x0061, 0x0370, 0x0400, 0x0600, 0x0900, 0x3040, 0x4E00, 0xAC00];

    private readonly XlmRobertaTokenizer _tokenizer;
    private readonly List<string>[] _starts = Lists();
    private readonly List<string>[] _continuations = Lists();

    public PeerWords(int firstPiece, XlmRobertaTokenizer tokenizer)
    {
        _tokenizer = tokenizer;
        for (var id = firstPiece; id < tokenizer.VocabularySize - 1; id++)
        {
            var piece = tokenizer.PieceOf(id).Text;
            var letters = piece.TrimStart(WordStart);
            if (letters.Length > 0)
                (piece[0] == WordStart ? _starts : _continuations)[Script(letters[0])].Add(letters);
        }
    }

    /// <param name="random">Decides everything.</param>
    /// <param name="tokens">Length, the special tokens included.</param>
    public string Text(Random random, int tokens)
    {
        var script = random.Next(Blocks.Length);
        var other = random.NextDouble() < MixesScripts ? random.Next(Blocks.Length) : script;
        var words = new List<string>();
        for (var left = tokens - SpecialTokensAround; left > 0;)
        {
            var word = Word(random, random.Next(2) == 0 ? script : other);
            // A word may be other pieces than it was made of, for they join and divide: the tokenizer has the last word.
            var length = _tokenizer.Tokenize(word).Ids.Length - SpecialTokensAround;
            if (length > left)
                continue;
            words.Add(word);
            left -= length;
        }

        return string.Join(' ', words);
    }

    private string Word(Random random, int script)
    {
        var start = Pick(random, _starts[script]);
        return random.NextDouble() < HasContinuation ? start + Pick(random, _continuations[script]) : start;
    }

    private static string Pick(Random random, List<string> pieces) => pieces[random.Next(pieces.Count)];

    private static int Script(char letter) => Array.FindLastIndex(Blocks, first => letter >= first);

    private static List<string>[] Lists() => [.. Blocks.Select(_ => new List<string>())];
}
