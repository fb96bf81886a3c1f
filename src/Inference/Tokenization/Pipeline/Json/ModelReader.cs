using System.Text.Json;
using ActorEmbed.Inference.Tokenization.Pipeline.Models;

namespace ActorEmbed.Inference.Tokenization.Pipeline.Json;

/// <summary>Reads the <c>model</c> of a tokenizer.json.</summary>
internal static class ModelReader
{
    /// <param name="part">The model.</param>
    /// <param name="isByteLevel">Whether the pieces are bytes written as visible characters.</param>
    public static IPieceModel Read(JsonPart part, bool isByteLevel)
    {
        try
        {
            return (part.Type ?? Guess(part)) switch
            {
                "WordPiece" => new WordPieceModel(
                    ReadVocabulary(part),
                    part.TextOrNull("unk_token") ?? "[UNK]",
                    part.TextOrNull("continuing_subword_prefix") ?? WordPieceModel.DefaultContinuationPrefix,
                    part.NumberOrNull("max_input_chars_per_word") ?? WordPieceModel.DefaultMaxCharactersPerWord),
                "WordLevel" => new WordLevelModel(ReadVocabulary(part), part.Text("unk_token")),
                "Unigram" => ReadUnigram(part),
                "BPE" => ReadBpe(part, isByteLevel),
                _ => throw part.Unknown(),
            };
        }
        catch (InvalidDataException e)
        {
            throw part.Invalid(e.Message, e);
        }
    }

    // Old files do not say what they are.
    private static string Guess(JsonPart part)
    {
        if (part.Child("merges") is not null)
            return "BPE";
        if (part.RequiredChild("vocab").Element.ValueKind == JsonValueKind.Array)
            return "Unigram";
        return part.Child("max_input_chars_per_word") is not null ? "WordPiece" : "WordLevel";
    }

    private static Vocabulary ReadVocabulary(JsonPart part)
    {
        var entries = part.RequiredChild("vocab");
        if (entries.Element.ValueKind != JsonValueKind.Object)
            throw entries.Invalid("an object is expected");
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var entry in entries.Element.EnumerateObject())
        {
            ids[entry.Name] = entry.Value.ValueKind == JsonValueKind.Number && entry.Value.TryGetInt32(out var id)
                ? id
                : throw entries.Invalid($"the id of '{entry.Name}' is no whole number");
        }

        return new Vocabulary(ids);
    }

    private static UnigramPieceModel ReadUnigram(JsonPart part)
    {
        var pieces = new List<(string, double)>();
        foreach (var item in part.Items("vocab"))
        {
            if (item.Element.ValueKind != JsonValueKind.Array || item.Element.GetArrayLength() != 2
                || item.Element[0].ValueKind != JsonValueKind.String || item.Element[1].ValueKind != JsonValueKind.Number)
            {
                throw item.Invalid("a text and a score are expected");
            }

            pieces.Add((item.Element[0].GetString()!, item.Element[1].GetDouble()));
        }

        var unknownId = part.NumberOrNull("unk_id") ?? throw part.Invalid("'unk_id' is missing");
        return UnigramBuilder.Build(pieces, unknownId, part.Flag("byte_fallback"));
    }

    private static IPieceModel ReadBpe(JsonPart part, bool isByteLevel)
    {
        if (part.Child("dropout") is { Element.ValueKind: JsonValueKind.Number } dropout && dropout.Element.GetDouble() > 0)
            throw dropout.Invalid("leaving merges out at random is not supported");
        var vocabulary = ReadVocabulary(part);
        List<(string, string)> merges = [.. part.Items("merges").Select(ReadMerge).OfType<(string, string)>()];
        var options = new BpeOptions
        {
            Unknown = part.TextOrNull("unk_token"),
            FusesUnknown = part.Flag("fuse_unk"),
            SpellsBytes = part.Flag("byte_fallback"),
            IgnoresMerges = part.Flag("ignore_merges"),
            ContinuationPrefix = part.TextOrNull("continuing_subword_prefix") ?? "",
            EndSuffix = part.TextOrNull("end_of_word_suffix") ?? "",
        };
        return isByteLevel && options.IsPlain && ByteLevelBpeModel.CanRun(vocabulary, merges)
            ? new ByteLevelBpeModel(vocabulary, merges)
            : new BpeModel(vocabulary, new BpeMerges(merges, vocabulary, options.ContinuationPrefix), options);
    }

    private static (string, string)? ReadMerge(JsonPart part)
    {
        if (part.Element.ValueKind == JsonValueKind.Array)
        {
            return part.Element.GetArrayLength() == 2
                ? (new JsonPart(part.Path, part.Element[0]).AsText(), new JsonPart(part.Path, part.Element[1]).AsText())
                : throw part.Invalid("two texts are expected");
        }

        var text = part.AsText();
        if (text.StartsWith("#version", StringComparison.Ordinal))
            return null;
        return text.Split(' ') is [var first, var second] ? (first, second) : throw part.Invalid("two texts are expected");
    }
}
