using System.Text.Json;

namespace ActorEmbed.Inference.Hub;

/// <summary>The files of one revision, as of one commit.</summary>
internal sealed record RepositoryListing(string Commit, IReadOnlyDictionary<string, HubFile> Files)
{
    /// <summary>Reads the answer to <c>GET /api/models/{id}/revision/{revision}?blobs=true</c>.</summary>
    /// <exception cref="ModelPullException"><see cref="PullFailure.Protocol"/>, saying what is wrong with it.</exception>
    public static RepositoryListing Parse(byte[] json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            var commit = Text(root, "sha");
            if (commit is null || !ModelReference.IsCommitHash(commit))
                throw Wrong("has no commit hash in 'sha'");
            if (root.ValueKind != JsonValueKind.Object
                || !root.TryGetProperty("siblings", out var siblings) || siblings.ValueKind != JsonValueKind.Array)
                throw Wrong("has no list 'siblings'");

            var files = siblings.EnumerateArray().Select(ReadFile).ToList();
            return new RepositoryListing(
                commit, files.DistinctBy(file => file.Path).ToDictionary(file => file.Path, StringComparer.Ordinal));
        }
        catch (JsonException e)
        {
            throw Wrong("is not JSON", e);
        }
    }

    private static HubFile ReadFile(JsonElement sibling)
    {
        var path = Text(sibling, "rfilename") ?? throw Wrong("lists a file without 'rfilename'");
        if (!HubFile.IsSafe(path))
            throw Wrong("lists a file whose name leaves the model's directory");

        var isLarge = sibling.TryGetProperty("lfs", out var lfs) && lfs.ValueKind == JsonValueKind.Object;
        var digest = isLarge ? BlobDigest.TryLargeFile(Text(lfs, "sha256")) : BlobDigest.TryGit(Text(sibling, "blobId"));
        var size = (isLarge ? Number(lfs, "size") : null) ?? Number(sibling, "size");
        if (digest is null || size is not >= 0)
            throw Wrong($"gives no size and hash for {path}");
        return new HubFile(path, size.Value, digest);
    }

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object
        && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    private static long? Number(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number
        && value.TryGetInt64(out var number)
            ? number
            : null;

    private static ModelPullException Wrong(string what, Exception? cause = null) => new(
        PullFailure.Protocol,
        $"The hub's file list {what}: HF_ENDPOINT must point at a server that speaks the hub's API " +
        "(/api/models/ID/revision/REVISION?blobs=true).", cause);
}
