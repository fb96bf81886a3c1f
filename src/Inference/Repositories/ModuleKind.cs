using ActorEmbed.Inference.Files;

namespace ActorEmbed.Inference.Repositories;

/// <summary>
/// A kind of module that can be run, and its files. The one table of them: what is not in it is refused before
/// anything large is fetched.
/// </summary>
/// <param name="Name">Last part of the Python class name.</param>
/// <param name="Required">Files of its directory that it cannot do without.</param>
/// <param name="Optional">Files that are taken where they are there.</param>
internal sealed record ModuleKind(string Name, IReadOnlyList<string> Required, IReadOnlyList<string> Optional)
{
    public const string Transformer = "Transformer";
    public const string Pooling = "Pooling";
    public const string StaticEmbedding = "StaticEmbedding";
    public const string Normalize = "Normalize";
    public const string Dense = "Dense";
    public const string LayerNorm = "LayerNorm";

    /// <summary>A module becomes supported by a line here, and by what runs it.</summary>
    private static readonly ModuleKind[] Supported =
    [
        // Its files are chosen one by one: see ModelPlanner.
        new(Transformer, [], []),
        new(StaticEmbedding, [], []),
        new(Pooling, [ModelFile.Configuration], []),
        // A module without settings has no file, not even a directory, in git.
        new(Normalize, [], []),
        new(Dense, [ModelFile.Configuration, SafetensorsIndex.SingleFile], []),
        new(LayerNorm, [ModelFile.Configuration, SafetensorsIndex.SingleFile], []),
    ];

    public static IEnumerable<string> SupportedNames => Supported.Select(kind => kind.Name);

    public static ModuleKind? Find(string name) => Array.Find(Supported, kind => kind.Name == name);
}
