namespace ActorEmbed.Tests.Shared.Hub;

/// <summary>What a request is for.</summary>
/// <param name="File">Path in the repository, or <see cref="MisbehavingHub.Listing"/>.</param>
/// <param name="IsFileServer">Whether it came to the server of large files.</param>
/// <param name="IsContent">Whether the file itself is sent here, and no redirect to it.</param>
/// <param name="Error">What it is refused with.</param>
internal sealed record HubRoute(string File, bool IsFileServer, bool IsContent, HubFault.Status? Error = null)
{
    /// <summary>First file of the page of a tree that is asked for; null for any other request.</summary>
    public int? TreePage { get; init; }

    /// <summary>Large files are somewhere else.</summary>
    public bool RedirectsToFileServer => !IsFileServer && HubRepository.IsLarge(File);

    public static HubRoute Parse(string[] path, string query, bool isFileServer, HubRepository repository)
    {
        if (isFileServer)
            return new HubRoute(string.Join('/', path[1..]), true, true);
        return path switch
        {
            ["api", "models", var owner, var name, "revision", var revision] =>
                new HubRoute(MisbehavingHub.Listing, false, true, Check($"{owner}/{name}", revision, null, repository)),
            ["api", "models", var owner, var name, "tree", var revision] =>
                new HubRoute(MisbehavingHub.Listing, false, true, Check($"{owner}/{name}", revision, null, repository)) { TreePage = PageOf(query) },
            ["api", "resolve-cache", "models", var owner, var name, var revision, var file] =>
                new HubRoute(file, false, true, Check($"{owner}/{name}", revision, file, repository)),
            [var owner, var name, "resolve", var revision, .. var rest] =>
                new HubRoute(string.Join('/', rest), false, false, Check($"{owner}/{name}", revision, string.Join('/', rest), repository)),
            _ => new HubRoute("", false, false, new HubFault.Status(404)),
        };
    }

    private static int PageOf(string query) =>
        query.Split('&', '?').Select(part => part.Split('=')).FirstOrDefault(part => part is ["cursor", _]) is [_, var first]
            ? int.Parse(first, System.Globalization.CultureInfo.InvariantCulture)
            : 0;

    private static HubFault.Status? Check(string id, string revision, string? file, HubRepository repository)
    {
        // Without a token the real hub hides whether a repository exists.
        if (id != repository.Id)
            return new HubFault.Status(401) { ErrorCode = "RepoNotFound", ErrorMessage = "Invalid username or password." };
        if (revision != repository.Revision && revision != repository.Commit)
            return new HubFault.Status(404) { ErrorCode = "RevisionNotFound", ErrorMessage = "Invalid rev id" };
        return file is null || repository.Has(file)
            ? null
            : new HubFault.Status(404) { ErrorCode = "EntryNotFound", ErrorMessage = "Entry not found" };
    }
}
