namespace ActorEmbed.Api.Hosting.Models;

/// <summary>A library that is missing, damaged, or for another system: no try after this one will find it.</summary>
internal static class BrokenInstallation
{
    /// <summary>The cause in one line; null where it is something else.</summary>
    public static string? Explain(Exception exception) => IsIn(exception)
        // What the runtime wraps around it differs from try to try.
        ? $"A library of this program cannot be used: {exception.GetBaseException().Message.ReplaceLineEndings("\n").Split('\n')[0]}"
        : null;

    // The first to need a library fails in its type initializer.
    private static bool IsIn(Exception? exception) => exception is not null
        && (exception is TypeInitializationException or DllNotFoundException or BadImageFormatException or EntryPointNotFoundException
            || IsIn(exception.InnerException));
}
