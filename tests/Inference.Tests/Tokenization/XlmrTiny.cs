using System.Text.Json;
using ActorEmbed.Inference.Tokenization;

namespace ActorEmbed.Inference.Tests.Tokenization;

/// <summary>The reference model: its tokenizer, and ids by the text of their pieces.</summary>
internal static class XlmrTiny
{
    public const int MaxTokens = 128;

    private static readonly Dictionary<string, int> Vocabulary = ReadVocabulary();

    public static string Directory { get; } = Path.Combine(AppContext.BaseDirectory, "data", "xlmr-tiny");

    public static string SentencePieceModel { get; } = Path.Combine(Directory, "sentencepiece.bpe.model");

    public static ITextTokenizer Tokenizer { get; } = Load(MaxTokens);

    public static ITextTokenizer Load(int maxTokens) => XlmRobertaTokenizer.Load(SentencePieceModel, maxTokens);

    public static int[] Ids(string text) => Tokenizer.Tokenize(text).Ids;

    /// <summary>Ids of pieces separated by spaces, with <c>&lt;s></c> and <c>&lt;/s></c> around them.</summary>
    public static int[] Pieces(string pieces) =>
        [Vocabulary["<s>"], .. pieces.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(p => Vocabulary[p]), Vocabulary["</s>"]];

    private static Dictionary<string, int> ReadVocabulary()
    {
        var path = Path.Combine(AppContext.BaseDirectory, "data", "xlmr-tiny", "tokenizer.json");
        using var json = JsonDocument.Parse(File.ReadAllBytes(path));
        return json.RootElement.GetProperty("model").GetProperty("vocab").EnumerateArray()
            .Select((piece, id) => (Text: piece[0].GetString()!, Id: id))
            .ToDictionary(piece => piece.Text, piece => piece.Id);
    }
}
