namespace ActorEmbed.Inference.Loading;

/// <summary>Tells a native library that does not load, which no other try will mend, by its cause.</summary>
internal static class NativeLibraryFailure
{
    // Enough for the loader's own words; it lists every place that it looked at.
    private const int MaxCharacters = 400;

    /// <returns>One line for a person, or null where the exception says something else.</returns>
    public static string? WhyOf(Exception exception)
    {
        var cause = exception;
        while (cause is TypeInitializationException && cause.InnerException is { } inner)
            cause = inner;
        if (cause is not (DllNotFoundException or EntryPointNotFoundException or BadImageFormatException) && exception is not TypeInitializationException)
            return null;
        var message = string.Join(' ', cause.Message.Split((char[])['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        return $"ONNX Runtime's native library does not load here: {(message.Length <= MaxCharacters ? message : message[..MaxCharacters] + "...")}";
    }
}
