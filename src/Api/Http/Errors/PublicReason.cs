using System.Text.RegularExpressions;

namespace ActorEmbed.Api.Http.Errors;

/// <summary>
/// Why the service cannot serve, as callers may learn it: of each path only the last part, because where things lie on
/// this machine, and the name of who runs it, is nobody's business but the operator's, whose log has the whole.
/// </summary>
internal static partial class PublicReason
{
    public static string Of(string reason)
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        // The home folder first: a name with a space in it would end the path too early below.
        if (home.Length > 1)
            reason = reason.Replace(home, "~", StringComparison.OrdinalIgnoreCase);
        return Folders().Replace(reason, "");
    }

    // Not after a letter, as in owner/name, nor in the address of a web site.
    [GeneratedRegex("""(?<![\w.:/\\-])(?:~?/(?:[^/\s'"<>|]+/)+|(?:~|[A-Za-z]:|\\)\\(?:[^\\\s'"<>|]+\\)+)""")]
    private static partial Regex Folders();
}
