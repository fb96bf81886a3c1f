namespace ActorEmbed.Inference.Repositories;

/// <summary>
/// Pooling of well-known models of which copies without <c>modules.json</c> are about, mostly ONNX exports for browsers.
/// Only those that are not pooled by the mean, which is what a repository without that file gets anyway.
/// </summary>
internal static class OriginalModels
{
    /// <summary>Owners of nothing but copies.</summary>
    private static readonly string[] Copiers = ["Xenova", "onnx-community", "Qdrant"];

    /// <summary>
    /// Beginnings of names, as the <c>1_Pooling/config.json</c> of the originals has them: BAAI, Snowflake,
    /// mixedbread-ai, WhereIsAI, Alibaba-NLP, ibm-granite, Qwen.
    /// </summary>
    private static readonly (string Name, PoolingMode Pooling)[] Known =
    [
        ("bge-", PoolingMode.Cls),
        ("snowflake-arctic-embed-", PoolingMode.Cls),
        ("mxbai-embed-", PoolingMode.Cls),
        ("UAE-Large-", PoolingMode.Cls),
        ("gte-base-en-v1.5", PoolingMode.Cls),
        ("gte-large-en-v1.5", PoolingMode.Cls),
        ("gte-multilingual-", PoolingMode.Cls),
        ("gte-modernbert-", PoolingMode.Cls),
        ("granite-embedding-", PoolingMode.Cls),
        ("Qwen3-Embedding-", PoolingMode.LastToken),
    ];

    /// <summary>Whether the repository is a copy of another by its owner, or because it holds graphs and no weights.</summary>
    public static bool IsCopy(string id, bool hasOnlyGraphs) => hasOnlyGraphs || Copiers.Contains(OwnerOf(id), StringComparer.OrdinalIgnoreCase);

    /// <summary>The original that a copy's name, or the name in its configuration, is known by.</summary>
    /// <param name="names">Such as <c>Xenova/bge-small-en-v1.5</c>.</param>
    public static (string Name, PoolingMode Pooling)? Find(params IEnumerable<string?> names) => names.OfType<string>()
        .Select(name => name[(name.LastIndexOf('/') + 1)..])
        .SelectMany(name => Known.Where(known => name.StartsWith(known.Name, StringComparison.OrdinalIgnoreCase)), (name, known) => ((string, PoolingMode)?)(name, known.Pooling))
        .FirstOrDefault();

    private static string OwnerOf(string id) => id.Contains('/', StringComparison.Ordinal) ? id[..id.IndexOf('/', StringComparison.Ordinal)] : "";
}
