using ActorEmbed.Inference.Tokenization.Pipeline.Decoders;
using ActorEmbed.Inference.Tokenization.Pipeline.Models;
using ActorEmbed.Inference.Tokenization.Pipeline.Normalizers;
using ActorEmbed.Inference.Tokenization.Pipeline.PostProcessors;
using ActorEmbed.Inference.Tokenization.Pipeline.PreTokenizers;

namespace ActorEmbed.Inference.Tokenization.Pipeline.Json;

/// <summary>Reads a tokenizer.json: the format of the Rust tokenizers library.</summary>
internal static class TokenizerJson
{
    /// <summary>The file's name.</summary>
    public const string FileName = "tokenizer.json";

    /// <param name="path">The file.</param>
    /// <param name="config">What the files beside it say; its added tokens are added, as transformers does.</param>
    /// <param name="lowercases">Whether the text is lower-cased before anything that the file says.</param>
    /// <exception cref="ModelLoadException">It cannot be read, or has a component that is not known.</exception>
    public static PipelineParts Read(string path, TokenizerConfig config, bool lowercases)
    {
        using var document = JsonPart.Parse(path);
        var root = new JsonPart($"{path}", document.RootElement);
        IPreTokenizer[] preTokenizers = root.Child("pre_tokenizer") is { } divided ? [.. PreTokenizerReader.Read(divided)] : [];
        var model = ModelReader.Read(root.RequiredChild("model"), preTokenizers is [.., ByteLevelPreTokenizer]);
        if (model is ByteLevelBpeModel)
            preTokenizers[^1] = ((ByteLevelPreTokenizer)preTokenizers[^1]).WithoutBytes();

        var added = new AddedVocabulary(model.Vocabulary);
        if (root.Child("added_tokens") is not null)
            added.Add(root.Items("added_tokens").Select(AddedTokenReader.Read));
        added.AddNamed(config);

        List<INormalizer> normalizers = lowercases ? [new LowercaseNormalizer()] : [];
        if (root.Child("normalizer") is { } normalizer)
            normalizers.Add(NormalizerReader.Read(normalizer));
        return new PipelineParts(model, added)
        {
            Normalizer = new NormalizerSequence(normalizers),
            PreTokenizer = new PreTokenizerSequence(preTokenizers),
            PostProcessor = root.Child("post_processor") is { } processor ? PostProcessorReader.Read(processor) : PostProcessor.None,
            Decoder = root.Child("decoder") is { } decoder ? DecoderReader.TryRead(decoder) : PieceDecoder.Spaced,
            NeedsAlignment = preTokenizers.Any(preTokenizer => preTokenizer is MetaspacePreTokenizer { NeedsAlignment: true }),
            Side = config.Side ?? SideOf(root),
            PaddingId = config.Padding is { } padding && added.IdOf(padding) is { } id
                ? id
                : root.Child("padding")?.NumberOrNull("pad_id") ?? 0,
        };
    }

    private static TruncationSide SideOf(JsonPart root) => root.Child("truncation")?.TextOrNull("direction") == "Left"
        ? TruncationSide.Left
        : TruncationSide.Right;
}
