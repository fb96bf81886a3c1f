namespace ActorEmbed.Inference.Hub;

/// <summary>
/// Which files of a repository are needed to run the model, and no others: a sentence-transformers repository holds the
/// same weights up to a dozen times.
/// </summary>
internal static class ModelFileSelection
{
    public const string Modules = "modules.json";
    private const string Config = "config.json";
    private const string SafeTensors = "model.safetensors";
    private const string MainOnnx = "onnx/model.onnx";
    private const string RootOnnx = "model.onnx";
    private const string TokenizerJson = "tokenizer.json";

    /// <summary>Vocabularies that we read, each a fraction of the size of <c>tokenizer.json</c>.</summary>
    private static readonly string[] Vocabularies = ["sentencepiece.bpe.model", "vocab.txt"];

    /// <summary>Prompts; they belong to the whole model, not to the module that tokenizes.</summary>
    private const string Prompts = "config_sentence_transformers.json";

    /// <summary>Read when they are there; a model works as meant without them.</summary>
    private static readonly string[] TokenizerSettings = ["tokenizer_config.json", "special_tokens_map.json"];

    /// <summary>Without it the maximal length would silently be another.</summary>
    private const string SentenceConfig = "sentence_bert_config.json";

    /// <summary>Path of the weights that a variant names.</summary>
    public static string VariantPath(string variant) => $"onnx/model_{variant}.onnx";

    /// <summary>The variants that a repository has.</summary>
    public static IReadOnlyList<string> Variants(IEnumerable<string> available)
    {
        const string prefix = "onnx/model_", suffix = ".onnx";
        return
        [
            .. available
                .Where(path => path.StartsWith(prefix, StringComparison.Ordinal) && path.EndsWith(suffix, StringComparison.Ordinal)
                               && path.Length > prefix.Length + suffix.Length)
                .Select(path => path[prefix.Length..^suffix.Length])
                .Order(StringComparer.Ordinal),
        ];
    }

    /// <summary>Chooses among the files that are there.</summary>
    /// <param name="available">Paths in the repository or in a snapshot, with forward slashes.</param>
    /// <param name="modules">Content of <see cref="Modules"/>; empty where there is none.</param>
    /// <param name="variant">See <see cref="ModelReference.Variant"/>.</param>
    public static ModelFiles Select(
        IReadOnlySet<string> available, IReadOnlyList<ModelModule> modules, string? variant)
    {
        var choice = new Choice(available, modules.FirstOrDefault(module => module.IsTransformer)?.Path ?? "");
        choice.TakeOrMarkAbsent(Modules);
        choice.Require(choice.AtRoot(Config));
        if (modules.Count > 0)
            choice.TakeOrMarkAbsent(choice.AtRoot(SentenceConfig));
        foreach (var module in modules.Where(module => module.HasConfig))
        {
            choice.Require(Join(module.Path, Config));
            choice.Take(Join(module.Path, SafeTensors));
        }

        choice.Take(Prompts);
        foreach (var name in TokenizerSettings)
            choice.Take(choice.AtRoot(name));
        ChooseVocabulary(choice);
        ChooseWeights(choice, variant);
        return choice.Result();
    }

    private static void ChooseVocabulary(Choice choice)
    {
        foreach (var name in Vocabularies)
        {
            if (choice.Take(choice.AtRoot(name)))
                return;
        }

        foreach (var name in Vocabularies)
            choice.MarkAbsent(choice.AtRoot(name));
        if (!choice.Take(choice.AtRoot(TokenizerJson)))
            choice.MarkMissing($"{string.Join(", ", Vocabularies)} or {TokenizerJson}");
    }

    private static void ChooseWeights(Choice choice, string? variant)
    {
        if (variant is not null)
        {
            if (!choice.TakeWeights(choice.AtRoot(VariantPath(variant))))
                choice.MarkMissing(choice.AtRoot(VariantPath(variant)));
            return;
        }

        if (choice.TakeWeights(choice.AtRoot(SafeTensors)))
            return;
        // Our own graph is made from them and is several times as fast as the one that is published.
        choice.MarkAbsent(choice.AtRoot(SafeTensors));
        if (!choice.TakeWeights(choice.AtRoot(MainOnnx)) && !choice.TakeWeights(choice.AtRoot(RootOnnx)))
            choice.MarkMissing($"{SafeTensors} or {MainOnnx}");
    }

    private static string Join(string directory, string name) => directory.Length == 0 ? name : $"{directory}/{name}";

    private sealed class Choice(IReadOnlySet<string> available, string root)
    {
        // A module may share its directory with another, and its files are still fetched once.
        private readonly List<string> _paths = [];
        private readonly List<string> _missing = [];
        private readonly List<string> _absent = [];

        public string AtRoot(string name) => Join(root, name);

        public bool Take(string path)
        {
            if (!available.Contains(path))
                return false;
            if (!_paths.Contains(path))
                _paths.Add(path);
            return true;
        }

        public void Require(string path)
        {
            if (!Take(path))
                _missing.Add(path);
        }

        public void TakeOrMarkAbsent(string path)
        {
            if (!Take(path))
                _absent.Add(path);
        }

        /// <summary>A graph comes with its external data, which it names, so that both must lie side by side.</summary>
        public bool TakeWeights(string path)
        {
            if (!available.Contains(path))
                return false;
            if (path.EndsWith(".onnx", StringComparison.Ordinal))
            {
                _paths.AddRange(available
                    .Where(other => other.StartsWith(path + "_data", StringComparison.Ordinal)
                                    || other.StartsWith(path + ".data", StringComparison.Ordinal))
                    .Order(StringComparer.Ordinal));
            }

            // Last of all: a snapshot without its weights is seen to be incomplete.
            _paths.Remove(path);
            _paths.Add(path);
            return true;
        }

        public void MarkAbsent(string path) => _absent.Add(path);

        public void MarkMissing(string description) => _missing.Add(description);

        public ModelFiles Result() => new(_paths, _missing, _absent);
    }
}
