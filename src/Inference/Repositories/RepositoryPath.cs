namespace ActorEmbed.Inference.Repositories;

/// <summary>Paths inside a repository: relative, with forward slashes.</summary>
internal static class RepositoryPath
{
    /// <summary>Whether a path stays inside the directory it is put in, on every system.</summary>
    public static bool IsSafe(string path) =>
        path.Length > 0
        // A colon names a drive or a stream on Windows, a backslash separates there.
        && !path.Any(c => char.IsControl(c) || c is '\\' or ':')
        && path.Split('/').All(part => part is not ("" or "." or ".."));

    public static string Join(string directory, string name) => directory.Length == 0 ? name : $"{directory}/{name}";

    /// <summary>Empty for a file in the root.</summary>
    public static string DirectoryOf(string path) => path.LastIndexOf('/') is >= 0 and var slash ? path[..slash] : "";
}
