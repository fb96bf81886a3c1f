using System.Text.Json;
using ActorEmbed.Inference.Encoders;
using ActorEmbed.Inference.Files;
using ActorEmbed.Inference.Graphs;
using ActorEmbed.Inference.Graphs.Families;

namespace ActorEmbed.Inference.Repositories;

/// <summary>
/// Decides how a repository is run, from <c>modules.json</c>, <c>config.json</c> and the list of its files: by a graph
/// made from its safetensors, by its own ONNX graph, or not at all. A pull, a look into the cache and the loader all ask
/// here. Where files have yet to be fetched the plan names them and is made again when they are there: it depends on
/// nothing but what it reads.
/// </summary>
internal sealed class ModelPlanner
{
    public const string ModulesFile = "modules.json";
    public const string ConfigFile = "config.json";

    /// <summary>The <c>model_type</c> of a table made by model2vec.</summary>
    public const string Model2VecType = "model2vec";

    /// <summary>Prompts; they belong to the whole model, not to the module that tokenizes.</summary>
    private const string PromptsFile = "config_sentence_transformers.json";

    /// <summary>
    /// The maximal length, under the names that sentence-transformers looks for, in its order. Without the file the
    /// length would silently be another.
    /// </summary>
    private static readonly string[] SentenceConfigs =
    [
        "sentence_bert_config.json", "sentence_roberta_config.json", "sentence_distilbert_config.json",
        "sentence_camembert_config.json", "sentence_albert_config.json", "sentence_xlm-roberta_config.json",
        "sentence_xlnet_config.json",
    ];

    private readonly IRepositoryFiles _files;
    private readonly ModelRequest _request;
    private readonly List<string> _paths = [];
    private readonly List<string> _unread = [];
    private readonly List<string> _missing = [];
    private readonly List<string> _absent = [];
    private readonly List<string> _likely = [];
    private IReadOnlyList<RepositoryModule> _modules = [];
    private string _transformer = "";
    private JsonFile? _config;
    private JsonFile? _pooling;
    private string? _sentenceConfig;
    private bool _isTable;
    private string? _whyNotCompiled;
    private string? _refusal;
    private PlannedWeights? _weights;

    private ModelPlanner(IRepositoryFiles files, ModelRequest request) => (_files, _request) = (files, request);

    /// <exception cref="ModelLoadException">A file that decides is damaged.</exception>
    public static ModelPlan Plan(IRepositoryFiles files, ModelRequest request)
    {
        var planner = new ModelPlanner(files, request);
        planner.Decide();
        return planner.Result();
    }

    private void Decide()
    {
        if (ReadOrMarkAbsent(ModulesFile, JsonValueKind.Array) is { } modules)
            _modules = RepositoryModule.Of(modules);
        if (_unread.Count > 0)
            return;
        CheckModules();
        var first = _modules.FirstOrDefault(module => module.Type is ModuleKind.Transformer or ModuleKind.StaticEmbedding);
        _transformer = first?.Path ?? "";
        _config = first?.Type == ModuleKind.StaticEmbedding ? ReadIfPresent(AtTransformer(ConfigFile)) : Require(AtTransformer(ConfigFile));
        _isTable = first?.Type == ModuleKind.StaticEmbedding || _config?.Text("model_type") == Model2VecType;
        TakeModules();
        if (_isTable)
        {
            Take(PromptsFile);
            TakeTable();
            return;
        }

        TakeSentenceConfig();
        Take(PromptsFile);
        TakeTokenizer();
        // What is refused for its modules needs no further reading, and what is not read cannot be decided.
        if (_refusal is null && _unread.Count == 0 && _config is not null)
            ChooseWeights(_config);
    }

    private void CheckModules()
    {
        if (_modules.FirstOrDefault(module => ModuleKind.Find(module.Type) is null) is { } unknown)
        {
            _refusal = $"modules.json names a module of type '{unknown.Type}', which is not supported; " +
                       $"{string.Join(", ", ModuleKind.SupportedNames)} are.";
        }
        else if (_modules.Count > 0 && _modules.All(module => module.Type is not (ModuleKind.Transformer or ModuleKind.StaticEmbedding)))
        {
            _refusal = "modules.json names no Transformer and no StaticEmbedding module.";
        }
    }

    private void TakeModules()
    {
        foreach (var module in _modules)
        {
            foreach (var path in (ModuleKind.Find(module.Type)?.Required ?? []).Select(name => RepositoryPath.Join(module.Path, name)))
            {
                var content = path.EndsWith(".json", StringComparison.Ordinal) ? Require(path) : null;
                if (module.Type == ModuleKind.Pooling)
                    _pooling = content;
                // Numbers are read by what runs them; here it counts that they are there.
                if (content is null && !_paths.Contains(path) && !Take(path) && !_missing.Contains(path))
                    _missing.Add(path);
            }

            foreach (var name in ModuleKind.Find(module.Type)?.Optional ?? [])
                Take(RepositoryPath.Join(module.Path, name));
        }

        // Refused before anything large is fetched.
        if (_pooling is not null)
            PoolingConfig.Read(_pooling);
    }

    /// <summary>A static model has nothing else: its tokenizer, and a table.</summary>
    private void TakeTable()
    {
        if (_request.Variant is { } variant)
            _refusal = $"it is a table of token vectors, which has no variant {variant}.";
        string tokenizer = AtTransformer(TokenizerFiles.Json), table = AtTransformer(SafetensorsIndex.SingleFile);
        foreach (var path in new[] { tokenizer, table }.Where(path => !_files.Has(path)))
            _missing.Add(path);
        Take(tokenizer);
        if (_files.Has(table))
            TakeWeights(RunKind.Table, [table]);
    }

    private void TakeSentenceConfig()
    {
        _sentenceConfig = SentenceConfigs.Select(AtTransformer).FirstOrDefault(_files.Has);
        if (_sentenceConfig is not null)
            Take(_sentenceConfig);
        else if (_modules.Count > 0)
            _absent.Add(AtTransformer(SentenceConfigs[0]));
    }

    private void TakeTokenizer()
    {
        var config = ReadIfPresent(AtTransformer(TokenizerFiles.Config));
        foreach (var name in TokenizerFiles.Settings)
            Take(AtTransformer(name));
        if (config is null && _files.Has(AtTransformer(TokenizerFiles.Config)))
            return;

        var (vocabulary, wantsJson) = TokenizerFiles.Choose(name => _files.Has(AtTransformer(name)), config?.Text("tokenizer_class"));
        if (vocabulary is not null)
            Take(AtTransformer(vocabulary));
        else
            _absent.AddRange(TokenizerFiles.VocabularyNames.Select(AtTransformer));
        if (wantsJson && !Take(AtTransformer(TokenizerFiles.Json)) && vocabulary is null)
            _missing.Add($"{string.Join(", ", TokenizerFiles.VocabularyNames)} or {TokenizerFiles.Json}");
    }

    private void ChooseWeights(JsonFile config)
    {
        if (_request.Variant is { } variant)
        {
            _whyNotCompiled = $"the variant {variant} was asked for";
            if (GraphFiles.VariantPaths(_transformer, variant).FirstOrDefault(_files.Has) is { } named)
                TakeGraph(named);
            else
                _missing.Add(GraphFiles.VariantPaths(_transformer, variant)[0]);
            return;
        }

        // Our own graph is several times as fast as the one that is published.
        _whyNotCompiled = _request.IsUncompiled ? "no graph made of its weights works here" : WhyNoFamily(config);
        if (_whyNotCompiled is null && TakeSafetensors())
            return;
        if (_unread.Count > 0)
            return;
        _whyNotCompiled ??= $"there is no {SafetensorsIndex.SingleFile}";
        TakeMainGraph();
    }

    /// <summary>The one table of families that are compiled is <see cref="EncoderFamilies"/>.</summary>
    private static string? WhyNoFamily(JsonFile file)
    {
        var config = EncoderConfig.Of(file.Name, file.Root);
        if (EncoderFamilies.Find(config) is not { } family)
            return $"model_type '{config.ModelType}' is not compiled here ({string.Join(", ", EncoderFamilies.ModelTypes)} are)";
        return family.TryRead(config, out var whyNot) is null ? whyNot : null;
    }

    private bool TakeSafetensors()
    {
        string single = AtTransformer(SafetensorsIndex.SingleFile), index = AtTransformer(SafetensorsIndex.IndexFile);
        if (_files.Has(single))
        {
            TakeWeights(RunKind.Compiled, [single]);
            return true;
        }

        _absent.Add(single);
        if (!_files.Has(index))
        {
            _absent.Add(index);
            return false;
        }

        if (Require(index) is not { } content)
            return false;
        string[] shards = [.. SafetensorsIndex.FilesOf(content).Select(AtTransformer)];
        _missing.AddRange(shards.Where(shard => !_files.Has(shard)));
        TakeWeights(RunKind.Compiled, shards);
        return true;
    }

    private void TakeMainGraph()
    {
        foreach (var path in GraphFiles.MainPaths(_transformer))
        {
            if (_files.Has(path))
            {
                TakeGraph(path);
                return;
            }

            _absent.Add(path);
        }

        var variants = GraphFiles.Variants(_files, _transformer);
        if (variants is [var only])
            TakeGraph(GraphFiles.VariantPaths(_transformer, only).First(_files.Has));
        else
            Refuse(variants);
    }

    private void Refuse(IReadOnlyList<string> variants)
    {
        var advice = variants.Count > 0 ? $"take one of its variants: {string.Join(", ", variants)}"
            : _files.Has(AtTransformer("pytorch_model.bin")) ? "it has pytorch_model.bin, which can hold code and is never run; " +
              "a revision refs/pr/N or another repository may have its safetensors"
            : "it cannot be run here";
        string[] safetensors = [AtTransformer(SafetensorsIndex.SingleFile), AtTransformer(SafetensorsIndex.IndexFile)];
        _refusal = $"{safetensors.FirstOrDefault(_files.Has) ?? "it"} is not compiled, as {_whyNotCompiled}, and there is no ONNX graph ({string.Join(" or ", GraphFiles.MainPaths(_transformer))}): {advice}.";
    }

    /// <summary>A graph with the files that it names itself: no rule on their names holds for all exporters.</summary>
    private void TakeGraph(string graph)
    {
        using var stream = _files.TryOpen(graph);
        if (stream is null)
        {
            _unread.Add(graph);
            _likely.AddRange(GraphFiles.LikelyDataFiles(_files, graph));
            TakeWeights(RunKind.Graph, [graph]);
            return;
        }

        OnnxOutline outline;
        try
        {
            outline = OnnxOutlineReader.Read(stream);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw new ModelLoadException($"{_files.Describe(graph)} cannot be loaded: {e.Message}.", e);
        }

        _refusal = PaddedGraph.WhyNot(outline.Inputs, outline.Outputs) is { } whyNot ? $"{graph} cannot be run here: {whyNot}." : _refusal;
        var data = new List<string>();
        foreach (var name in outline.DataFiles)
        {
            var path = RepositoryPath.Join(RepositoryPath.DirectoryOf(graph), name);
            if (!RepositoryPath.IsSafe(name))
                throw new ModelLoadException($"{_files.Describe(graph)} names a data file outside of its directory: the model is damaged.");
            if (!_files.Has(path))
                _missing.Add($"{path} (named by {graph})");
            data.Add(path);
        }

        TakeWeights(RunKind.Graph, [.. data, graph]);
    }

    private void TakeWeights(RunKind kind, string[] files)
    {
        _weights = new PlannedWeights(kind, files);
        // Last of all: a snapshot without its weights is seen to be incomplete.
        foreach (var path in files)
        {
            _paths.Remove(path);
            Take(path);
        }
    }

    private bool Take(string path)
    {
        if (!_files.Has(path))
            return false;
        // A module may share its directory with another, and its files are still fetched once.
        if (!_paths.Contains(path))
            _paths.Add(path);
        return true;
    }

    private JsonFile? ReadOrMarkAbsent(string path, JsonValueKind kind)
    {
        if (!_files.Has(path))
            _absent.Add(path);
        return ReadIfPresent(path, kind);
    }

    private JsonFile? Require(string path)
    {
        if (!_files.Has(path))
            _missing.Add(path);
        return ReadIfPresent(path);
    }

    private JsonFile? ReadIfPresent(string path, JsonValueKind kind = JsonValueKind.Object)
    {
        if (!Take(path))
            return null;
        using var stream = _files.TryOpen(path);
        if (stream is null)
        {
            _unread.Add(path);
            return null;
        }

        if (stream.Length > ModelFile.MaxConfigurationBytes)
            throw new ModelLoadException($"{_files.Describe(path)} has {stream.Length} bytes, more than the {ModelFile.MaxConfigurationBytes} that such a file can have.");
        var content = new byte[stream.Length];
        try
        {
            stream.ReadExactly(content);
        }
        catch (IOException e)
        {
            throw new ModelLoadException($"{_files.Describe(path)} cannot be read: {e.Message}", e);
        }

        return JsonFile.Parse(_files.Describe(path), content, kind);
    }

    private string AtTransformer(string name) => RepositoryPath.Join(_transformer, name);

    private ModelPlan Result() => new()
    {
        Paths = _paths,
        Unread = _refusal is null ? _unread : [],
        Missing = _missing,
        Absent = _absent,
        Refusal = _refusal,
        Weights = _weights,
        WhyNotCompiled = _whyNotCompiled,
        Likely = _likely,
        IsTable = _isTable,
        TransformerPath = _transformer,
        Modules = _modules,
        Config = _config,
        PoolingConfig = _pooling,
        SentenceConfigPath = _sentenceConfig,
    };
}
