using ActorEmbed.Inference.Files;
using ActorEmbed.Inference.Repositories;

namespace ActorEmbed.Inference.Models;

/// <summary>
/// Reads the configuration of a sentence-transformers repository: <c>modules.json</c>, <c>config.json</c>,
/// <c>sentence_bert_config.json</c> and the pooling module's <c>config.json</c>.
/// </summary>
internal static class ModelDirectory
{
    // What encoders of the BERT family were trained with, where a repository names no limit of its own.
    private const int DefaultMaxTokens = 512;

    // What model2vec's own encode() takes.
    private const int Model2VecMaxTokens = 512;

    // sentence-transformers cuts nothing; more than any text that the server takes by default has (32 million characters).
    private const int MaxTokensOfTable = 1 << 25;

    /// <param name="path">The directory.</param>
    /// <param name="variant">The X of <c>onnx/model_X.onnx</c>; null for what is best here.</param>
    /// <param name="pooling">Overrides what the repository says; null leaves it at that.</param>
    /// <exception cref="ModelLoadException">The directory is missing, damaged, or holds a model of another kind.</exception>
    public static ModelDescription Read(string path, string? variant = null, PoolingMode? pooling = null)
    {
        var root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (!Directory.Exists(root))
            throw new ModelLoadException($"Model directory {root} does not exist.");

        var id = IdOf(root);
        var plan = ModelPlanner.Plan(new DirectoryFiles(root), new ModelRequest(id, variant));
        if (plan.Refusal is { } refusal)
            throw new ModelLoadException($"{root}: {refusal}");
        var transformer = plan.TransformerPath.Length == 0 ? root : Path.Combine([root, .. plan.TransformerPath.Split('/')]);
        if (plan.IsTable)
            return OfTable(id, root, transformer, plan, pooling);
        var config = plan.Config ?? throw new ModelLoadException(
            $"{root} is not a model directory: config.json is missing. Expected the layout of a sentence-transformers repository.");
        if (plan.PoolingConfig is null && plan.Modules.FirstOrDefault(module => module.Type == ModuleKind.Pooling) is { } module)
            throw new ModelLoadException($"{Path.Combine(root, module.Path, ModelFile.Configuration)} is missing.");

        if (plan.IsReranker && pooling is not null)
            throw new ModelLoadException($"{root}: it is a reranker, whose classifier says how to pool (Pooling is {NameOf(pooling.Value)}).");
        var (modes, assumption) = PoolingOf(plan, config, id, pooling);
        // RoBERTa counts positions from padding_idx + 1 = 2, so two rows of the table never serve a token.
        var firstPosition = config.Text("model_type") is "xlm-roberta" or "roberta" or "camembert" or "mpnet" ? 2 : 0;
        return new ModelDescription
        {
            Id = id,
            Root = root,
            TransformerDirectory = transformer,
            Plan = plan,
            Pooling = modes,
            IsPoolingKnown = pooling is not null || plan.PoolingConfig is not null,
            Assumption = assumption,
            Dimensions = plan.PoolingConfig?.Count("word_embedding_dimension") ?? plan.PoolingConfig?.Count("embedding_dimension") ?? config.Count("hidden_size"),
            MaxTokens = ReadMaxTokens(root, plan, config, firstPosition),
            FirstPosition = firstPosition,
            VectorModules = [.. plan.Modules.Where(module => module.Type is not (ModuleKind.Transformer or ModuleKind.Pooling))],
            Prompts = plan.IsReranker ? ModelPrompts.None : PromptConfig.Read(root, id, config.Text("_name_or_path")),
            PoolsPrompt = plan.PoolingConfig?.Flag("include_prompt") ?? true,
            ScoreActivation = plan.IsReranker ? ActivationOf(root, plan, config) : null,
        };
    }

    private static ScoreActivation ActivationOf(string root, ModelPlan plan, JsonFile config) => ClassifierConfig.ActivationOf(
        config, plan.Modules.Count > 0 ? JsonFile.ReadIfPresent(Path.Combine(root, PromptConfig.FileName)) : null);

    private static ModelDescription OfTable(string id, string root, string transformer, ModelPlan plan, PoolingMode? pooling) =>
        pooling is null or PoolingMode.Mean ? new ModelDescription
        {
            Id = id,
            Root = root,
            TransformerDirectory = transformer,
            Plan = plan,
            Pooling = [PoolingMode.Mean],
            IsPoolingKnown = true,
            Assumption = null,
            Dimensions = null,
            MaxTokens = plan.Config?.Text("model_type") == ModelPlanner.Model2VecType ? Model2VecMaxTokens : MaxTokensOfTable,
            FirstPosition = 0,
            VectorModules = [.. plan.Modules.Where(module => module.Type is not ModuleKind.StaticEmbedding)],
            Prompts = PromptConfig.Read(root, id, plan.Config?.Text("_name_or_path")),
            // There is no pooling configuration that could say otherwise.
            PoolsPrompt = true,
        }
        : throw new ModelLoadException($"{root}: a table of token vectors has no other pooling than the mean (Pooling is {NameOf(pooling.Value)}).");

    private static (IReadOnlyList<PoolingMode> Modes, string? Assumption) PoolingOf(ModelPlan plan, JsonFile config, string id, PoolingMode? asked)
    {
        if (asked is { } said)
            return ([said], null);
        if (plan.IsReranker)
            return ([plan.Head?.Pooling ?? PoolingMode.Cls], null);
        if (plan.PoolingConfig is not null)
            return (PoolingConfig.Read(plan.PoolingConfig), null);

        var hasOnlyGraphs = plan.Weights is { Kind: RunKind.Graph or RunKind.CompiledGraph };
        return OriginalModels.IsCopy(id, hasOnlyGraphs) && OriginalModels.Find(id, config.Text("_name_or_path")) is { } original
            ? ([original.Pooling], $"The repository does not say how to pool: {NameOf(original.Pooling)} is taken, as {original.Name} has it. Pooling (--pooling) says otherwise.")
            // As sentence-transformers itself does.
            : ([PoolingMode.Mean], $"The repository does not say how to pool: {NameOf(PoolingMode.Mean)} is taken, as sentence-transformers does. Pooling (--pooling) says otherwise.");
    }

    private static string NameOf(PoolingMode mode) => mode.ToString().ToLowerInvariant();

    private static int ReadMaxTokens(string root, ModelPlan plan, JsonFile config, int firstPosition)
    {
        string Full(string path) => Path.Combine([root, .. path.Split('/')]);
        var named = (plan.SentenceConfigPath is { } sentence ? JsonFile.ReadIfPresent(Full(sentence))?.Count("max_seq_length") : null)
            ?? JsonFile.ReadIfPresent(Full(RepositoryPath.Join(plan.TransformerPath, TokenizerFiles.Config)))?.Count("model_max_length")
            // Of rerankers the position table alone says it then.
            ?? (plan.IsReranker ? int.MaxValue : DefaultMaxTokens);
        return (config.Count("max_position_embeddings") ?? config.Count("n_positions")) is { } positions ? Math.Min(named, Math.Max(1, positions - firstPosition)) : named;
    }

    private static string IdOf(string root)
    {
        // A hub cache keeps organisation/name in .../models--organisation--name/snapshots/<commit>.
        const string hubPrefix = "models--";
        var repository = Directory.GetParent(root)?.Parent?.Name;
        return Directory.GetParent(root)?.Name == "snapshots" && repository?.StartsWith(hubPrefix, StringComparison.Ordinal) == true
            ? repository[hubPrefix.Length..].Replace("--", "/", StringComparison.Ordinal)
            : Path.GetFileName(root);
    }
}
