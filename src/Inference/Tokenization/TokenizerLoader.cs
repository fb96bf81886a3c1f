using ActorEmbed.Inference.Tokenization.Pipeline;
using ActorEmbed.Inference.Tokenization.Pipeline.Json;
using ActorEmbed.Inference.Tokenization.Pipeline.PostProcessors;
using ActorEmbed.Inference.Tokenization.SentencePiece;
using ActorEmbed.Inference.Tokenization.WordPiece;

namespace ActorEmbed.Inference.Tokenization;

/// <summary>Finds out which tokenizer a model directory has, and loads it: docs/decisions/017-tokenizer-json.md.</summary>
internal static class TokenizerLoader
{
    // Of the names of a SentencePiece file the first is XLM-R's own; the others are used by models with other ids as well, so
    // that the class has to be named.
    public const string XlmRobertaFile = "sentencepiece.bpe.model";
    private static readonly string[] SentencePieceFiles = [XlmRobertaFile, "sentencepiece.model", "spiece.model"];

    public const string XlmRobertaClass = "XLMRobertaTokenizer";
    private const string CamembertClass = "CamembertTokenizer";

    // Classes that say nothing of the kind of tokenizer: what transformers writes for any, version 4 and 5.
    private static readonly string[] AnyClass = ["PreTrainedTokenizer", "TokenizersBackend", "SentencePieceBackend"];

    /// <summary>The Python classes that read <see cref="BertParts.VocabularyFile"/> and nothing else.</summary>
    public static IReadOnlyList<string> WordPieceClasses { get; } =
        ["BertTokenizer", "DistilBertTokenizer", "ElectraTokenizer", "MobileBertTokenizer", "MPNetTokenizer"];

    /// <summary>Loads the tokenizer of a model in the layout of the Hugging Face hub.</summary>
    /// <param name="modelDirectory">The directory of config.json.</param>
    /// <param name="maxTokens">Tokens of one text at most, the special tokens around it included.</param>
    /// <exception cref="ModelLoadException">There is no tokenizer of a known kind, or it is damaged.</exception>
    public static IModelTokenizer Load(string modelDirectory, int maxTokens)
    {
        var config = TokenizerConfig.Read(modelDirectory);
        var lowercases = SentenceConfig.Lowercases(modelDirectory);
        var json = Path.Combine(modelDirectory, TokenizerJson.FileName);
        var hasJson = File.Exists(json);
        var sentencePiece = SentencePieceFiles.Select(file => Path.Combine(modelDirectory, file)).FirstOrDefault(File.Exists);
        if (sentencePiece is not null && !lowercases && config.Side != TruncationSide.Left
            && (hasJson ? XlmRobertaJson.Describes(json, sentencePiece, config) : IsPlainXlmRoberta(modelDirectory, sentencePiece, config)))
        {
            return XlmRobertaTokenizer.Load(sentencePiece, maxTokens);
        }

        if (hasJson)
            return Use(json, () => new PipelineTokenizer(TokenizerJson.Read(json, config, lowercases), maxTokens));
        if (sentencePiece is not null)
        {
            return Use(sentencePiece, () => new PipelineTokenizer(
                SentencePieceParts.Read(sentencePiece, KindOf(modelDirectory, sentencePiece, config), config, lowercases), maxTokens));
        }

        var vocabulary = Path.Combine(modelDirectory, BertParts.VocabularyFile);
        if (!File.Exists(vocabulary))
        {
            throw new ModelLoadException(
                $"There is no tokenizer in {modelDirectory}: looked for {TokenizerJson.FileName}, {string.Join(", ", SentencePieceFiles)} and {BertParts.VocabularyFile}.");
        }

        Expect(config, vocabulary, isNameEnough: true, [.. WordPieceClasses]);
        return Use(vocabulary, () => new PipelineTokenizer(BertParts.Read(vocabulary, config, lowercases), maxTokens));
    }

    /// <summary>Loads a tokenizer.json without the special tokens that it puts around a text.</summary>
    /// <param name="modelDirectory">The directory of tokenizer.json.</param>
    /// <param name="maxTokens">Tokens of one text at most.</param>
    /// <exception cref="ModelLoadException">There is no tokenizer.json, or it is damaged.</exception>
    public static IModelTokenizer LoadWithoutSpecialTokens(string modelDirectory, int maxTokens)
    {
        var json = Path.Combine(modelDirectory, TokenizerJson.FileName);
        if (!File.Exists(json))
            throw new ModelLoadException($"{json} is missing.");
        var config = TokenizerConfig.Read(modelDirectory);
        return Use(json, () => new PipelineTokenizer(
            TokenizerJson.Read(json, config, lowercases: false) with { PostProcessor = PostProcessor.None, Side = TruncationSide.Right }, maxTokens));
    }

    private static PipelineTokenizer Use(string path, Func<PipelineTokenizer> load)
    {
        try
        {
            return load();
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new ModelLoadException($"The tokenizer {path} cannot be used: {e.Message}", e);
        }
    }

    private static bool IsPlainXlmRoberta(string modelDirectory, string path, TokenizerConfig config) =>
        KindOf(modelDirectory, path, config) == SentencePieceKind.XlmRoberta && XlmRobertaJson.Knows(config);

    private static SentencePieceKind KindOf(string modelDirectory, string path, TokenizerConfig config)
    {
        Expect(config, path, isNameEnough: Path.GetFileName(path) == XlmRobertaFile, XlmRobertaClass, CamembertClass);
        if (config.ClassName == CamembertClass)
            return SentencePieceKind.Camembert;
        // The two number the same pieces in other ways; without a class the model's type decides.
        return config.ClassName != XlmRobertaClass && SentenceConfig.ModelType(modelDirectory) == "camembert"
            ? SentencePieceKind.Camembert
            : SentencePieceKind.XlmRoberta;
    }

    private static void Expect(TokenizerConfig config, string path, bool isNameEnough, params string[] classes)
    {
        var known = config.ClassName is null || AnyClass.Contains(config.ClassName) ? isNameEnough : classes.Contains(config.ClassName);
        if (!known)
        {
            throw new ModelLoadException(
                $"The tokenizer {path} is of class {config.ClassName ?? "unknown"} by {TokenizerConfig.FileName}; only {string.Join(", ", classes)} can be run without a {TokenizerJson.FileName}.");
        }
    }
}
