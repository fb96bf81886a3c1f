using System.Text;
using System.Text.Json;
using ActorEmbed.Inference.Files;
using ActorEmbed.Inference.Tokenization.Pipeline;
using ActorEmbed.Inference.Tokenization.Pipeline.Json;
using ActorEmbed.Inference.Tokenization.Pipeline.PostProcessors;

namespace ActorEmbed.Inference.Tokenization;

/// <summary>
/// Looks whether a tokenizer.json says what <see cref="XlmRobertaTokenizer"/> does anyway: then the SentencePiece file beside
/// it is read instead, which takes a third of the time. The vocabulary itself, megabytes of it, is not looked at.
/// </summary>
internal static class XlmRobertaJson
{
    // The character map, 316 KB in base64, is most of what stands before the vocabulary.
    private const int MaxBytesBeforeVocabulary = 1024 * 1024;

    /// <summary>Whether the small files name no token that XLM-RoBERTa has not.</summary>
    public static bool Knows(TokenizerConfig config) =>
        config.AddedTokens.All(token => XlmRobertaTokenizer.AddedTokens.Contains(Raw(token)))
        && config.NamedTokens.All(token => XlmRobertaTokenizer.AddedTokens.Any(known => known.Text == token.Text));

    /// <param name="path">The tokenizer.json.</param>
    /// <param name="sentencePiece">The file beside it.</param>
    /// <param name="config">What the other files say.</param>
    public static bool Describes(string path, string sentencePiece, TokenizerConfig config)
    {
        if (!Knows(config))
            return false;
        try
        {
            using var document = ReadBeforeVocabulary(path);
            return document is not null && IsXlmRoberta(new JsonPart(path, document.RootElement), sentencePiece);
        }
        catch (Exception e) when (e is ModelLoadException or JsonException or IOException or InvalidDataException or UnauthorizedAccessException or FormatException)
        {
            // Whoever reads the whole file will say what is wrong with it.
            return false;
        }
    }

    private static bool IsXlmRoberta(JsonPart root, string sentencePiece) =>
        root.RequiredChild("model") is var model && model.Type == "Unigram" && model.NumberOrNull("unk_id") == 3 && !model.Flag("byte_fallback")
        && root.Items("added_tokens").Select(AddedTokenReader.Read).Select(Raw).SequenceEqual(XlmRobertaTokenizer.AddedTokens)
        && root.Child("truncation")?.TextOrNull("direction") is null or "Right"
        && root.RequiredChild("normalizer") is { Type: "Precompiled" } normalizer && HasSameMap(normalizer, sentencePiece)
        && root.RequiredChild("pre_tokenizer") is { Type: "Sequence" } sequence
        && sequence.Items("pretokenizers").ToArray() is [{ Type: "WhitespaceSplit" }, { Type: "Metaspace" } metaspace] && PutsMarkInFront(metaspace)
        && root.Child("post_processor") is { } processor && Puts(PostProcessorReader.Read(processor));

    // The types of tokens do not count: the model has one.
    private static bool Puts(PostProcessor processor) => processor is { Before: [0], After: [2] }
        && processor.Pair.Select(part => part.Ids is null ? -1 - part.Text : part.Ids is [var only] ? only : int.MinValue).SequenceEqual([0, -1, 2, 2, -2, 2]);

    // Old files look for the mask in the normalised text: the same, but for a text that spells it in full-width characters.
    private static AddedToken Raw(AddedToken token) => token with { IsNormalized = false };

    private static bool PutsMarkInFront(JsonPart metaspace) => metaspace.Text("replacement") == "\u2581" && metaspace.Flag("split", absent: true)
        && metaspace.Flag("add_prefix_space", absent: true) && metaspace.TextOrNull("prepend_scheme") is null or "always";

    // The map lies behind the pieces; as it stands is enough, and the file is read once more in a moment.
    private static bool HasSameMap(JsonPart normalizer, string sentencePiece) =>
        ModelFile.ReadAllBytes(sentencePiece).AsSpan().IndexOf(Convert.FromBase64String(normalizer.Text("precompiled_charsmap"))) >= 0;

    private static JsonDocument? ReadBeforeVocabulary(string path)
    {
        using var file = ModelFile.Open(path);
        var bytes = new byte[Math.Min(RandomAccess.GetLength(file), MaxBytesBeforeVocabulary)];
        bytes = bytes[..RandomAccess.Read(file, bytes, fileOffset: 0)];
        var reader = new Utf8JsonReader(bytes, isFinalBlock: false, default);
        while (reader.Read())
        {
            // {"model": {"vocab": ...: depth 2.
            if (reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth != 2 || !reader.ValueTextEquals("vocab"))
                continue;
            byte[] head = [.. bytes.AsSpan(0, (int)reader.TokenStartIndex), .. Encoding.UTF8.GetBytes("\"vocab\":[]}}")];
            return JsonDocument.Parse(head);
        }

        return null;
    }
}
