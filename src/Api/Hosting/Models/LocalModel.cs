using ActorEmbed.Inference;
using ActorEmbed.Inference.Hub;
using ActorEmbed.Inference.Loading;

namespace ActorEmbed.Api.Hosting.Models;

/// <summary>A model on the disk.</summary>
/// <param name="Id">Its full id.</param>
/// <param name="Bytes">What it takes on the disk, all its revisions and unfinished downloads together.</param>
/// <param name="IsComplete">Whether the revision <c>main</c> can be loaded without a pull.</param>
/// <param name="Source">How it is run, such as <c>compiled from model.safetensors</c>; why it is not, where it is not complete.</param>
/// <param name="Directory">The snapshot of that revision; otherwise the model's directory in the cache.</param>
internal sealed record LocalModel(string Id, long Bytes, bool IsComplete, string Source, string Directory)
{
    /// <summary>How the cache names a model's directory: <c>models--owner--name</c>.</summary>
    private const string FolderPrefix = "models--";

    /// <summary>The embedded model first, then those of the cache by name.</summary>
    public static IReadOnlyList<LocalModel> All(HubOptions options)
    {
        using var hub = new ModelHub(options);
        var folders = System.IO.Directory.Exists(options.CacheDirectory)
            ? System.IO.Directory.EnumerateDirectories(options.CacheDirectory, FolderPrefix + "*").Order(StringComparer.Ordinal)
            : Enumerable.Empty<string>();
        return
        [
            new LocalModel(EmbeddedModel.Name, SizeOf(EmbeddedModel.Directory), true, SourceOf(EmbeddedModel.Directory), EmbeddedModel.Directory),
            .. folders.Select(folder => Of(folder, hub)),
        ];
    }

    private static LocalModel Of(string folder, ModelHub hub)
    {
        var id = Path.GetFileName(folder)[FolderPrefix.Length..].Replace("--", "/", StringComparison.Ordinal);
        var (snapshot, whyNot) = TryFind(hub, id);
        return new LocalModel(id, SizeOf(folder), snapshot is not null, snapshot is null ? whyNot : SourceOf(snapshot), snapshot ?? folder);
    }

    private static string SourceOf(string directory)
    {
        try
        {
            return ModelLoader.Inspect(directory).Source;
        }
        catch (ModelLoadException e)
        {
            return e.Message;
        }
    }

    private static (string? Snapshot, string WhyNot) TryFind(ModelHub hub, string id)
    {
        try
        {
            var reference = ModelReference.Parse(id);
            return (hub.Find(reference), hub.WhyNot(reference) ?? "");
        }
        catch (ModelPullException e)
        {
            // Not a name that a pull could have made; it is listed all the same, as it takes room.
            return (null, e.Message);
        }
    }

    // Snapshots link to the files that hold the bytes: a link has none of its own.
    private static long SizeOf(string directory) => new DirectoryInfo(directory)
        .EnumerateFiles("*", SearchOption.AllDirectories).Where(file => file.LinkTarget is null).Sum(file => file.Length);
}
