using System.Text.Json;
using ActorEmbed.Inference.Repositories;

namespace ActorEmbed.Inference.Hub;

/// <summary>The files of one revision, as of one commit.</summary>
/// <param name="Commit">Its hash.</param>
/// <param name="Files">By path. Names that could leave the model's directory are not among them: nothing needs them.</param>
/// <param name="IsWhole">Whether what is not in it does not exist.</param>
internal sealed record RepositoryListing(string Commit, IReadOnlyDictionary<string, ListedFile> Files, bool IsWhole)
{
    /// <summary>The hub cuts its short list at this many files, and sometimes before: from here on it proves nothing.</summary>
    private const int LongestTrustedSiblings = 999;

    /// <summary>Reads the answer to <c>GET /api/models/{id}/revision/{revision}</c>, with or without <c>?blobs=true</c>.</summary>
    /// <exception cref="ModelPullException"><see cref="PullFailure.Protocol"/>, saying what is wrong with it.</exception>
    public static RepositoryListing Parse(byte[] json)
    {
        using var document = HubJson.Parse(json);
        var root = document.RootElement;
        var commit = HubJson.Text(root, "sha");
        if (commit is null || !ModelReference.IsCommitHash(commit))
            throw HubJson.Wrong("has no commit hash in 'sha'");
        // Some mirrors leave it out, and the hub itself has sent it empty.
        var siblings = root.TryGetProperty("siblings", out var list) && list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray().Select(ReadSibling).ToList()
            : [];
        return new RepositoryListing(commit, ByPath(siblings), siblings.Count is > 0 and <= LongestTrustedSiblings);
    }

    /// <summary>The same commit with the files of its tree.</summary>
    /// <param name="entries">Of all pages of <c>GET /api/models/{id}/tree/{commit}?recursive=true</c>.</param>
    public RepositoryListing WithTree(IEnumerable<ListedFile> entries) => this with { Files = ByPath(entries), IsWhole = true };

    /// <summary>Reads a page of a tree: its files, without its directories.</summary>
    /// <exception cref="ModelPullException"><see cref="PullFailure.Protocol"/>.</exception>
    public static IReadOnlyList<ListedFile> ParseTreePage(byte[] json)
    {
        using var document = HubJson.Parse(json);
        return document.RootElement.ValueKind == JsonValueKind.Array
            ? [.. document.RootElement.EnumerateArray().Where(entry => HubJson.Text(entry, "type") == "file").Select(ReadTreeEntry)]
            : throw HubJson.Wrong("has pages that are no lists");
    }

    private static Dictionary<string, ListedFile> ByPath(IEnumerable<ListedFile> files) =>
        files.Where(file => RepositoryPath.IsSafe(file.Path)).DistinctBy(file => file.Path).ToDictionary(file => file.Path, StringComparer.Ordinal);

    private static ListedFile ReadSibling(JsonElement sibling) => Read(
        HubJson.Text(sibling, "rfilename") ?? throw HubJson.Wrong("lists a file without 'rfilename'"), sibling, hashOfLarge: "sha256", hash: "blobId");

    private static ListedFile ReadTreeEntry(JsonElement entry) => Read(
        HubJson.Text(entry, "path") ?? throw HubJson.Wrong("lists a file without 'path'"), entry, hashOfLarge: "oid", hash: "oid");

    private static ListedFile Read(string path, JsonElement file, string hashOfLarge, string hash)
    {
        var isLarge = file.TryGetProperty("lfs", out var lfs) && lfs.ValueKind == JsonValueKind.Object;
        var digest = isLarge ? BlobDigest.TryLargeFile(HubJson.Text(lfs, hashOfLarge)) : BlobDigest.TryGit(HubJson.Text(file, hash));
        var size = (isLarge ? HubJson.Number(lfs, "size") : null) ?? HubJson.Number(file, "size");
        return new ListedFile(path, size is >= 0 ? size : null, digest);
    }
}
