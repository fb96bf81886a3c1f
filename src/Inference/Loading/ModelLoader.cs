using ActorEmbed.Inference.Compilation;
using ActorEmbed.Inference.Compilation.Cache;
using ActorEmbed.Inference.Devices;
using ActorEmbed.Inference.Encoders;
using ActorEmbed.Inference.Files;
using ActorEmbed.Inference.Graphs;
using ActorEmbed.Inference.Models;
using ActorEmbed.Inference.Modules;
using ActorEmbed.Inference.Repositories;
using ActorEmbed.Inference.Tokenization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ActorEmbed.Inference.Loading;

/// <summary>Opens a model directory.</summary>
public static class ModelLoader
{
    /// <summary>
    /// Loads the model in a directory that has the layout of a sentence-transformers repository. Where its safetensors, or the
    /// weights in its ONNX graph, are of a kind that can be compiled, a graph made for this machine is run, compiled and kept
    /// on first use; otherwise the repository's own ONNX graph.
    /// </summary>
    /// <param name="directory">The directory that holds <c>modules.json</c>.</param>
    /// <param name="options">How to run it; null takes the defaults.</param>
    /// <param name="logger">Is told what was compiled or assumed, and why not; null tells nobody.</param>
    /// <exception cref="ModelLoadException">
    /// A file is missing or damaged, the model is of a kind that cannot be run, or ONNX Runtime's native library does not load.
    /// </exception>
    /// <exception cref="InferenceException">It could not be loaded now, for want of memory or disk; another try may succeed.</exception>
    public static IEmbeddingModel Load(string directory, ModelOptions? options = null, ILogger? logger = null) =>
        Load(directory, options, logger, OnnxDeviceRuntime.Instance);

    internal static IEmbeddingModel Load(string directory, ModelOptions? options, ILogger? logger, IDeviceRuntime runtime)
    {
        options ??= new ModelOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Threads, 1, nameof(options));
        try
        {
            logger ??= NullLogger.Instance;
            return Load(ModelDirectory.Read(directory, options.Variant, options.Pooling), options, runtime, logger);
        }
        catch (Exception e) when (NativeLibraryFailure.WhyOf(e) is { } reason)
        {
            throw new ModelLoadException(reason, e);
        }
    }

    /// <summary>Loads the tokenizer of a model alone: to count tokens, or to cut texts, where no vectors are made.</summary>
    /// <param name="directory">As for <see cref="Load(string, ModelOptions?, ILogger?)"/>.</param>
    /// <exception cref="ModelLoadException">A file is missing or damaged, or the tokenizer is of a kind that cannot be run.</exception>
    public static EmbeddingTokenizer LoadTokenizer(string directory)
    {
        var description = ModelDirectory.Read(directory);
        var tokenizer = TokenizerLoader.Load(description.TransformerDirectory, description.MaxTokens);
        return new EmbeddingTokenizer(description.MaxTokens, text => tokenizer.TokenizeWhole(text), tokenizer.PieceOf);
    }

    /// <summary>
    /// Reads the configuration without loading the weights, so that a wrong path is known at once.
    /// </summary>
    /// <exception cref="ModelLoadException">As for <see cref="Load(string, ModelOptions?, ILogger?)"/>, as far as the configuration shows it.</exception>
    /// <param name="directory">As for <see cref="Load(string, ModelOptions?, ILogger?)"/>.</param>
    /// <param name="variant">As <see cref="ModelOptions.Variant"/>.</param>
    /// <returns>The model's id, what it is for, and how it will be run, as <see cref="ModelInfo.Source"/>.</returns>
    public static (string Id, ModelKind Kind, string Source) Inspect(string directory, string? variant = null)
    {
        var description = ModelDirectory.Read(directory, variant);
        description.RequireRunnable();
        return (description.Id, description.Plan.IsReranker ? ModelKind.Reranker : ModelKind.Embedder, description.Plan.Weights!.ToString());
    }

    /// <summary>Which graphs of a model failed their self-test on this machine and are not used for a while; one line each.</summary>
    /// <exception cref="ModelLoadException">As for <see cref="Inspect"/>.</exception>
    public static IReadOnlyList<string> FindRejections(string directory)
    {
        var roots = CompiledModelRoots.For(ModelDirectory.Read(directory).TransformerDirectory);
        return [.. new CompiledModelCache(roots, NullLogger.Instance).FindRejections().Select(rejection => $"{rejection}")];
    }

    private static IEmbeddingModel Load(ModelDescription description, ModelOptions options, IDeviceRuntime runtime, ILogger logger)
    {
        description.RequireRunnable();
        if (description.Plan.IsTable)
        {
            DeviceOpening.RequireNone(options, $"{description.Id} is a table of vectors, which needs no accelerator");
            return StaticModelLoader.Load(description, options);
        }

        var device = new DeviceOpening(options, runtime, logger);
        if (!description.Plan.Weights!.IsCompiled)
            device.StayOnProcessor($"{description.Id} runs by its repository's own graph ({description.Plan.Weights}), and only compiled models run elsewhere");
        // A vocabulary of 250,000 pieces takes a good part of the time that a session takes to open: side by side.
        var tokenizing = Task.Run(() => LoadTokenizer(description, logger));
        var weights = description.Plan.Weights!;
        var whyNot = "";
        var compiled = weights.IsCompiled ? device.TryOpen(SourceOf(description, tokenizing, options), out whyNot) : null;
        ITextEncoder? encoder = compiled?.Encoder;
        try
        {
            var tokenizer = tokenizing.GetAwaiter().GetResult();
            if (compiled is null && weights.IsCompiled)
                (description, weights) = FallBack(description, whyNot);
            var padded = compiled is null ? OpenOwnGraph(description, tokenizer.PaddingId, options.Threads) : null;
            encoder ??= padded!;
            if (description.ScoreActivation is not null)
                return CreateCrossEncoder(description, tokenizer, encoder, compiled, options);
            if (description.Dimensions * description.Pooling.Count is { } configured && configured != encoder.Dimensions)
                throw new ModelLoadException($"{description.Root}: the model gives {encoder.Dimensions} dimensions, but its configuration says {configured}.");

            // What the graph pools is not assumed.
            var assumption = padded is { IsPooledByGraph: true } ? null : description.Assumption;
            if (assumption is not null)
                logger.LogWarning("{Model}: {Assumption}", description.Id, assumption);
            var modules = VectorModules.Read(description);
            var dimensions = modules.Aggregate(encoder.Dimensions, (length, module) => module.DimensionsAfter(length));
            var info = new ModelInfo(description.Id, dimensions, description.MaxTokens, (compiled?.Device ?? Device.Cpu).Name())
            {
                VocabularySize = tokenizer.VocabularySize,
                TokenDimensions = encoder.TokenDimensions,
                Prompts = description.Prompts,
                Matryoshka = description.MatryoshkaOf(dimensions),
                Precision = compiled?.Precision ?? Precision.Fp32,
                CalibratedShare = compiled?.CalibratedShare,
                Pooling = padded is { IsPooledByGraph: true } ? "graph" : string.Join('+', description.Pooling).ToLowerInvariant(),
                Assumption = assumption,
            };
            return new SentenceTransformer(Described(info, description, options), tokenizer, encoder, modules, description.PoolsPrompt);
        }
        catch
        {
            encoder?.Dispose();
            throw;
        }
    }

    private static CrossEncoder CreateCrossEncoder(
        ModelDescription description, IModelTokenizer tokenizer, ITextEncoder encoder, CompiledModel? compiled, ModelOptions options)
    {
        // A graph of the repository has the classifier in it.
        IReadOnlyList<IVectorModule> classifier = compiled is null ? [] : ClassifierModules.Read(description.Plan.Head!, description.WeightsPaths, encoder.Dimensions);
        var info = new ModelInfo(description.Id, Dimensions: 1, description.MaxTokens, (compiled?.Device ?? Device.Cpu).Name())
        {
            Kind = ModelKind.Reranker,
            ScoreActivation = description.ScoreActivation!.Value,
            VocabularySize = tokenizer.VocabularySize,
            Precision = compiled?.Precision ?? Precision.Fp32,
            CalibratedShare = compiled?.CalibratedShare,
            Pooling = compiled is null ? "graph" : description.Pooling[0].ToString().ToLowerInvariant(),
        };
        return new CrossEncoder(Described(info, description, options), tokenizer, PairsOf(description, tokenizer), encoder, classifier);
    }

    /// <summary>Adds what is known of every model from its files.</summary>
    internal static ModelInfo Described(ModelInfo info, ModelDescription description, ModelOptions options)
    {
        var (bytes, parameters) = ModelSize.Of(description);
        return info with
        {
            Source = description.Plan.Weights!.ToString(),
            Family = description.Plan.Config?.Text("model_type"),
            WeightBytes = bytes,
            Parameters = parameters,
            Fingerprint = options.ComputeFingerprint ? ModelFingerprint.Of(description.TransformerDirectory, description.WeightsPaths) : null,
        };
    }

    private static PairTokenizer PairsOf(ModelDescription description, IModelTokenizer tokenizer) =>
        new(tokenizer, TokenizerConfig.Read(description.TransformerDirectory).HasTokenTypes);

    /// <summary>A tokenizer whose ids all have a row in the model's token table.</summary>
    private static IModelTokenizer LoadTokenizer(ModelDescription description, ILogger logger)
    {
        var tokenizer = TokenizerLoader.Load(description.TransformerDirectory, description.MaxTokens);
        var configPath = Path.Combine(description.TransformerDirectory, ModelFile.Configuration);
        if (EncoderConfig.Read(configPath).Vocabulary is not { } rows)
            return tokenizer;
        if (tokenizer.VocabularySize > rows)
        {
            throw new ModelLoadException(
                $"{description.TransformerDirectory}: the tokenizer has {tokenizer.VocabularySize} tokens, but the model's table only {rows} rows (vocab_size of config.json): they are not of one model.");
        }

        // Tables are padded to round sizes; far more rows than tokens are a sign of somebody else's tokenizer.
        if (rows - tokenizer.VocabularySize > MaxPaddingRows)
            logger.LogWarning("The model's table has {Rows} rows, its tokenizer only {Tokens} tokens: are they of one model?", rows, tokenizer.VocabularySize);
        return tokenizer;
    }

    // The largest multiple that tables are commonly padded to.
    private const int MaxPaddingRows = 1024;

    private static CompiledModelSource SourceOf(ModelDescription description, Task<IModelTokenizer> tokenizing, ModelOptions options)
    {
        var head = description.Plan.Head;
        return new CompiledModelSource(
            description.TransformerDirectory, description.Pooling, () => tokenizing.GetAwaiter().GetResult())
        {
            Head = head,
            Pairs = head is null ? null : () => PairsOf(description, tokenizing.GetAwaiter().GetResult()),
            WeightsPaths = description.WeightsPaths,
            MaxTokens = description.MaxTokens,
            CompiledModelDirectory = options.CompiledModelDirectory,
            OriginalGraph = description.Plan.Weights!.Kind == RunKind.CompiledGraph
                ? () => OpenOwnGraph(description, tokenizing.GetAwaiter().GetResult().PaddingId, options.Threads)
                : null,
            OnCompiling = () => options.OnCompiling?.Invoke(description.Id),
        };
    }

    /// <summary>The repository's own graph, where no graph that was made of its weights works.</summary>
    private static (ModelDescription Description, PlannedWeights Weights) FallBack(ModelDescription description, string whyNot)
    {
        var plan = ModelPlanner.Plan(new DirectoryFiles(description.Root), new ModelRequest(description.Id, Variant: null) { IsUncompiled = true });
        var graph = Path.Combine([description.Root, .. GraphFiles.MainPaths(plan.TransformerPath)[0].Split('/')]);
        return plan.IsRunnable
            ? (description with { Plan = plan }, plan.Weights!)
            : throw new ModelLoadException($"{description.WeightsPaths[^1]} cannot be run: {whyNot}; and there is no {graph} to run instead.");
    }

    private static PaddedEncoder OpenOwnGraph(ModelDescription description, int paddingId, int threads) => new(
        description.WeightsPaths[^1],
        new PaddedEncoderOptions
        {
            Pooling = description.Pooling,
            PrefersPooled = !description.IsPoolingKnown,
            Dimensions = description.Dimensions,
            PaddingId = paddingId,
            FirstPosition = description.FirstPosition,
            IsClassifier = description.ScoreActivation is not null,
            Threads = threads,
        });
}
