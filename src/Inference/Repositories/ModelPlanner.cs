using System.Text.Json;
using ActorEmbed.Inference.Files;
using ActorEmbed.Inference.Graphs;
using ActorEmbed.Inference.Tokenization;

namespace ActorEmbed.Inference.Repositories;

/// <summary>
/// Decides how a repository is run, from <c>modules.json</c>, <c>config.json</c> and the list of its files: by a graph
/// made from its safetensors or from the weights in its ONNX graph, by that graph itself, or not at all. A pull, a look into the cache and the loader all ask
/// here. Where files have yet to be fetched the plan names them and is made again when they are there: it depends on
/// nothing but what it reads.
/// </summary>
internal sealed class ModelPlanner
{
    public const string ModulesFile = "modules.json";

    /// <summary>The <c>model_type</c> of a table made by model2vec.</summary>
    public const string Model2VecType = "model2vec";

    /// <summary>Prompts; they belong to the whole model, not to the module that tokenizes.</summary>
    private const string PromptsFile = "config_sentence_transformers.json";

    private readonly IRepositoryFiles _files;
    private readonly ModelRequest _request;
    private readonly PlanDraft _draft;
    private IReadOnlyList<RepositoryModule> _modules = [];
    private string _transformer = "";
    private JsonFile? _config;
    private JsonFile? _pooling;
    private string? _sentenceConfig;
    private bool _isTable;
    private bool _isReranker;
    private string? _whyNotCompiled;
    private ClassifierHead? _head;

    private ModelPlanner(IRepositoryFiles files, ModelRequest request) => (_files, _request, _draft) = (files, request, new PlanDraft(files));

    /// <exception cref="ModelLoadException">A file that decides is damaged.</exception>
    public static ModelPlan Plan(IRepositoryFiles files, ModelRequest request)
    {
        var planner = new ModelPlanner(files, request);
        planner.Decide();
        return planner.Result();
    }

    private void Decide()
    {
        if (_draft.ReadOrMarkAbsent(ModulesFile, JsonValueKind.Array) is { } modules)
            _modules = RepositoryModule.Of(modules);
        if (_draft.Unread.Count > 0)
            return;
        CheckModules();
        var first = _modules.FirstOrDefault(module => module.Type is ModuleKind.Transformer or ModuleKind.StaticEmbedding);
        _transformer = first?.Path ?? "";
        _config = first?.Type == ModuleKind.StaticEmbedding ? _draft.ReadIfPresent(AtTransformer(ModelFile.Configuration)) : _draft.Require(AtTransformer(ModelFile.Configuration));
        _isTable = first?.Type == ModuleKind.StaticEmbedding || _config?.Text("model_type") == Model2VecType;
        TakeModules();
        DecideKind();
        if (_isTable)
        {
            _draft.Take(PromptsFile);
            TakeTable();
            return;
        }

        TakeSentenceConfig();
        _draft.Take(PromptsFile);
        TakeTokenizer();
        // What is refused for its modules needs no further reading, and what is not read cannot be decided.
        if (_draft.Refusal is null && _draft.Unread.Count == 0 && _config is not null)
        {
            var weights = new WeightsChoice(_files, _request, _transformer, _isReranker, _draft);
            weights.Decide(_config);
            _whyNotCompiled = weights.WhyNotCompiled;
            _head = weights.Head;
        }
    }

    /// <summary>
    /// A classifier with one label scores pairs. Where a Pooling follows the encoder, what else its weights were trained
    /// for does not count: the model gives vectors.
    /// </summary>
    private void DecideKind()
    {
        if (_isTable || _config is null || _modules.Any(module => module.Type == ModuleKind.Pooling) || ClassifierConfig.ArchitectureOf(_config) is not { } architecture)
            return;
        _isReranker = true;
        if (ClassifierConfig.LabelsOf(_config) is not 1 and var labels)
            _draft.Refusal = $"it is a classifier ({architecture}) with {labels} labels: neither an embedder nor a reranker, which has one.";
        else if (_modules.FirstOrDefault(module => module.Type != ModuleKind.Transformer) is { } other)
            _draft.Refusal = $"it is a classifier ({architecture}), after which a module of type '{other.Type}' is not supported.";
    }

    private void CheckModules()
    {
        if (_modules.FirstOrDefault(module => ModuleKind.Find(module.Type) is null) is { } unknown)
        {
            _draft.Refusal = $"modules.json names a module of type '{unknown.Type}', which is not supported; " +
                       $"{string.Join(", ", ModuleKind.SupportedNames)} are.";
        }
        else if (_modules.Count > 0 && _modules.All(module => module.Type is not (ModuleKind.Transformer or ModuleKind.StaticEmbedding)))
        {
            _draft.Refusal = "modules.json names no Transformer and no StaticEmbedding module.";
        }
    }

    private void TakeModules()
    {
        foreach (var module in _modules)
        {
            foreach (var path in (ModuleKind.Find(module.Type)?.Required ?? []).Select(name => RepositoryPath.Join(module.Path, name)))
            {
                var content = path.EndsWith(".json", StringComparison.Ordinal) ? _draft.Require(path) : null;
                if (module.Type == ModuleKind.Pooling)
                    _pooling = content;
                // Numbers are read by what runs them; here it counts that they are there.
                if (content is null && !_draft.Paths.Contains(path) && !_draft.Take(path) && !_draft.Missing.Contains(path))
                    _draft.Miss(path);
            }

            foreach (var name in ModuleKind.Find(module.Type)?.Optional ?? [])
                _draft.Take(RepositoryPath.Join(module.Path, name));
        }

        // Refused before anything large is fetched.
        if (_pooling is not null)
            PoolingConfig.Read(_pooling);
    }

    /// <summary>A static model has nothing else: its tokenizer, and a table.</summary>
    private void TakeTable()
    {
        if (_request.Variant is { } variant)
            _draft.Refusal = $"it is a table of token vectors, which has no variant {variant}.";
        string tokenizer = AtTransformer(TokenizerFiles.Json), table = AtTransformer(SafetensorsIndex.SingleFile);
        foreach (var path in new[] { tokenizer, table }.Where(path => !_files.Has(path)))
            _draft.Miss(path);
        _draft.Take(tokenizer);
        if (_files.Has(table))
            _draft.TakeWeights(RunKind.Table, table);
    }

    private void TakeSentenceConfig()
    {
        _sentenceConfig = SentenceConfig.FileNames.Select(AtTransformer).FirstOrDefault(_files.Has);
        if (_sentenceConfig is not null)
            _draft.Take(_sentenceConfig);
        else if (_modules.Count > 0)
            _draft.MarkAbsent(AtTransformer(SentenceConfig.FileNames[0]));
    }

    private void TakeTokenizer()
    {
        var config = _draft.ReadIfPresent(AtTransformer(TokenizerFiles.Config));
        foreach (var name in TokenizerFiles.Settings)
            _draft.Take(AtTransformer(name));
        if (config is null && _files.Has(AtTransformer(TokenizerFiles.Config)))
            return;

        var (vocabulary, wantsJson) = TokenizerFiles.Choose(name => _files.Has(AtTransformer(name)), config?.Text("tokenizer_class"));
        if (vocabulary is not null)
            _draft.Take(AtTransformer(vocabulary));
        else
            Array.ForEach([.. TokenizerFiles.VocabularyNames.Select(AtTransformer)], _draft.MarkAbsent);
        if (wantsJson && !_draft.Take(AtTransformer(TokenizerFiles.Json)) && vocabulary is null)
            _draft.Miss($"{string.Join(", ", TokenizerFiles.VocabularyNames)} or {TokenizerFiles.Json}");
    }

    private string AtTransformer(string name) => RepositoryPath.Join(_transformer, name);

    private ModelPlan Result() => new()
    {
        Paths = _draft.Paths,
        Unread = _draft.Refusal is null ? _draft.Unread : [],
        Missing = _draft.Missing,
        Absent = _draft.Absent,
        Refusal = _draft.Refusal,
        Weights = _draft.Weights,
        WhyNotCompiled = _whyNotCompiled,
        Likely = _draft.Likely,
        IsTable = _isTable,
        IsReranker = _isReranker,
        Head = _head,
        TransformerPath = _transformer,
        Modules = _modules,
        Config = _config,
        PoolingConfig = _pooling,
        SentenceConfigPath = _sentenceConfig,
    };
}
