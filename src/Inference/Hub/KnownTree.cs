using System.Text.Json;

namespace ActorEmbed.Inference.Hub;

/// <summary>
/// The list of all files of a commit that huggingface_hub keeps beside the snapshots it fetched, in
/// <c>trees/COMMIT.json</c>. What is not in it does not exist, so that no call is needed to find that out.
/// </summary>
internal static class KnownTree
{
    // A tree of 50,000 files, each with its hashes, is about 15 MB.
    private const long MaxBytes = 64 << 20;

    // It is a cache of another program: its outermost form may change, its entries go by path.
    private static readonly string[] Wrappers = ["entries", "files", "tree"];

    /// <summary>Paths of all files; null where the list is not there or not of a form that is known.</summary>
    public static HashSet<string>? TryRead(string path)
    {
        try
        {
            if (!File.Exists(path) || new FileInfo(path).Length > MaxBytes)
                return null;
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            var paths = PathsOf(document.RootElement).ToHashSet(StringComparer.Ordinal);
            return paths.Count > 0 ? paths : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    private static IEnumerable<string> PathsOf(JsonElement tree) => tree.ValueKind switch
    {
        JsonValueKind.Array => tree.EnumerateArray().Select(entry => HubJson.Text(entry, "path")).OfType<string>(),
        JsonValueKind.Object => Wrappers.Where(name => tree.TryGetProperty(name, out _)).Select(name => PathsOf(tree.GetProperty(name))).FirstOrDefault()
                                ?? tree.EnumerateObject().Where(entry => entry.Value.ValueKind == JsonValueKind.Object).Select(entry => entry.Name),
        _ => [],
    };
}
