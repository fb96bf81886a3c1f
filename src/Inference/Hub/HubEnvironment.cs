using System.Globalization;
using System.Text.RegularExpressions;

namespace ActorEmbed.Inference.Hub;

/// <summary>
/// Reads the environment variables that huggingface_hub documents, with its precedence, its older names and its
/// defaults, so that both find the same files.
/// </summary>
internal sealed partial class HubEnvironment(Func<string, string?> getEnvironmentVariable)
{
    private readonly List<string> _problems = [];

    public HubOptions Read()
    {
        var defaults = new HubOptions { CacheDirectory = CacheDirectory };
        var (token, tokenFile) = ReadToken();
        var options = defaults with
        {
            Endpoint = ReadEndpoint(defaults.Endpoint),
            Token = token,
            TokenFile = tokenFile,
            IsOffline = IsTrue(Get("HF_HUB_OFFLINE") ?? Get("TRANSFORMERS_OFFLINE")),
            UseSymlinks = !IsTrue(Get("HF_HUB_DISABLE_SYMLINKS")),
            ShowProgressBar = !IsTrue(Get("HF_HUB_DISABLE_PROGRESS_BARS")),
            StallTimeout = ReadSeconds("HF_HUB_DOWNLOAD_TIMEOUT", defaults.StallTimeout),
        };
        // An address that could not be read has been named already; the default in its place has no problem.
        var problems = _problems.Concat(options.Problems()).ToList();
        return problems.Count == 0
            ? options
            : throw new ModelPullException(PullFailure.InvalidSettings, string.Join("; ", problems) + ".");
    }

    private string Home => Get("HF_HOME") is { } home
        ? Expand(home)
        : Path.Combine(Get("XDG_CACHE_HOME") is { } cache ? Expand(cache) : Path.Combine(UserHome, ".cache"), "huggingface");

    private string CacheDirectory => Path.GetFullPath(
        (Get("HF_HUB_CACHE") ?? Get("HUGGINGFACE_HUB_CACHE")) is { } cache ? Expand(cache) : Path.Combine(Home, "hub"));

    // Python ignores HOME on Windows, where shells and administrators set it to something else.
    private string UserHome =>
        (OperatingSystem.IsWindows() ? Get("USERPROFILE") ?? Get("HOME") : Get("HOME") ?? Get("USERPROFILE")) ?? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);

    private Uri ReadEndpoint(Uri standard)
    {
        if (Get("HF_ENDPOINT")?.TrimEnd('/') is not { } text)
            return standard;
        if (Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
            return address!;
        _problems.Add($"HF_ENDPOINT must be an http or https address, not '{text}'");
        return standard;
    }

    private TimeSpan ReadSeconds(string name, TimeSpan standard)
    {
        if (Get(name) is not { } text)
            return standard;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)
            && seconds is >= 0 and <= 86_400)
        {
            // As huggingface_hub has it.
            return seconds == 0 ? standard : TimeSpan.FromSeconds(seconds);
        }

        _problems.Add($"{name} must be a number of seconds, 0 for the default and at most a day, not '{text}'");
        return standard;
    }

    private (string? Token, string? File) ReadToken()
    {
        if (IsTrue(Get("HF_HUB_DISABLE_IMPLICIT_TOKEN")))
            return (null, null);
        if ((Get("HF_TOKEN") ?? Get("HUGGING_FACE_HUB_TOKEN")) is { } named)
            return (named, null);
        var path = Get("HF_TOKEN_PATH") is { } other ? Expand(other) : Path.Combine(Home, "token");
        return ReadTokenFile(path) is { } token ? (token, path) : (null, null);
    }

    private static string? ReadTokenFile(string path)
    {
        try
        {
            var token = File.ReadAllText(path).Trim();
            return token.Length == 0 ? null : token;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            // Most users have no token, and a public model needs none.
            return null;
        }
    }

    private string? Get(string name) =>
        getEnvironmentVariable(name)?.Trim() is { Length: > 0 } value ? value : null;

    private static bool IsTrue(string? value) => value?.ToUpperInvariant() is "1" or "ON" or "YES" or "TRUE";

    private string Expand(string path)
    {
        if (path == "~" || path.StartsWith("~/", StringComparison.Ordinal) || path.StartsWith("~\\", StringComparison.Ordinal))
            path = UserHome + path[1..];
        return VariablePattern().Replace(path, match =>
            Get(match.Groups["name"].Value) ?? match.Value);
    }

    [GeneratedRegex(@"\$\{(?<name>\w+)\}|\$(?<name>\w+)")]
    private static partial Regex VariablePattern();
}
