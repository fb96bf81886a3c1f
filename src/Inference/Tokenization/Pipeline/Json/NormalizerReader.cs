using ActorEmbed.Inference.Tokenization.Pipeline.Normalizers;
using ActorEmbed.Inference.Tokenization.SentencePiece;
using ActorEmbed.Inference.Tokenization.Unicode;

namespace ActorEmbed.Inference.Tokenization.Pipeline.Json;

/// <summary>Reads the <c>normalizer</c> of a tokenizer.json.</summary>
internal static class NormalizerReader
{
    public static INormalizer Read(JsonPart part) => part.Type switch
    {
        "Sequence" => new NormalizerSequence([.. part.Items("normalizers").Select(Read)]),
        "BertNormalizer" => Bert(part),
        "NFC" => new UnicodeNormalizer(UnicodeForm.Nfc),
        "NFD" => new UnicodeNormalizer(UnicodeForm.Nfd),
        "NFKC" => new UnicodeNormalizer(UnicodeForm.Nfkc),
        "NFKD" => new UnicodeNormalizer(UnicodeForm.Nfkd),
        "Lowercase" => new LowercaseNormalizer(),
        "StripAccents" => CharacterFilter.StripAccents,
        "Nmt" => CharacterFilter.Nmt,
        "Strip" => new StripNormalizer(part.Flag("strip_left", absent: true), part.Flag("strip_right", absent: true)),
        "Replace" => new ReplaceNormalizer(PatternReader.Read(part.RequiredChild("pattern")), part.Text("content")),
        "Prepend" => new PrependNormalizer(part.Text("prepend")),
        "Precompiled" => Precompiled(part),
        "ByteLevel" => new ByteLevelNormalizer(),
        _ => throw part.Unknown(),
    };

    private static BertNormalizer Bert(JsonPart part)
    {
        var lowercases = part.Flag("lowercase", absent: true);
        return new BertNormalizer(new BertNormalizerOptions(
            lowercases,
            part.FlagOrNull("strip_accents") ?? lowercases,
            part.Flag("handle_chinese_chars", absent: true),
            part.Flag("clean_text", absent: true)));
    }

    private static PrecompiledNormalizer Precompiled(JsonPart part)
    {
        try
        {
            return new PrecompiledNormalizer(CharacterMap.Parse(Convert.FromBase64String(part.Text("precompiled_charsmap"))));
        }
        catch (Exception e) when (e is FormatException or InvalidDataException)
        {
            throw part.Invalid(e.Message, e);
        }
    }
}
