namespace ActorEmbed.Tests.Shared.Hub;

/// <summary>What a request is for.</summary>
internal sealed record HubRoute(string File, bool IsFileServer, HubFault.Status? Error = null)
{
    /// <summary>Large files are somewhere else.</summary>
    public bool RedirectsToFileServer => !IsFileServer && HubRepository.IsLarge(File);

    public static HubRoute Parse(string[] path, bool isFileServer, HubRepository repository)
    {
        if (isFileServer)
            return new HubRoute(string.Join('/', path[1..]), true);
        // Without a token the real hub hides whether a repository exists.
        return path switch
        {
            ["api", "models", var owner, var name, "revision", var revision] =>
                new HubRoute(MisbehavingHub.Listing, false, Check($"{owner}/{name}", revision, null, repository)),
            [var owner, var name, "resolve", var revision, .. var rest] =>
                new HubRoute(string.Join('/', rest), false, Check($"{owner}/{name}", revision, string.Join('/', rest), repository)),
            _ => new HubRoute("", false, new HubFault.Status(404)),
        };
    }

    private static HubFault.Status? Check(string id, string revision, string? file, HubRepository repository)
    {
        if (id != repository.Id)
            return new HubFault.Status(401) { ErrorCode = "RepoNotFound", ErrorMessage = "Invalid username or password." };
        if (revision != repository.Revision && revision != repository.Commit)
            return new HubFault.Status(404) { ErrorCode = "RevisionNotFound", ErrorMessage = "Invalid rev id" };
        return file is null || repository.Has(file)
            ? null
            : new HubFault.Status(404) { ErrorCode = "EntryNotFound", ErrorMessage = "Entry not found" };
    }
}
