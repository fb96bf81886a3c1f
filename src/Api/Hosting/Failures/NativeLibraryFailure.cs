namespace ActorEmbed.Api.Hosting.Failures;

/// <summary>ONNX Runtime's native library, or one that it needs, does not load.</summary>
internal static class NativeLibraryFailure
{
    /// <summary>Of every Microsoft Visual C++ Redistributable that ONNX Runtime works with.</summary>
    internal static readonly Version LeastVisualCpp = new(14, 40);

    private const string Systems = "linux-x64, linux-arm64, win-x64, win-arm64, osx-arm64; glibc, not musl";

    public static bool IsIn(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            if (exception is DllNotFoundException or BadImageFormatException or EntryPointNotFoundException)
                return true;
        }

        return false;
    }

    /// <summary>What happened and what to do, in one line.</summary>
    public static string Explain(Exception exception) => $"ONNX Runtime's native library does not load: {Cause(exception)} {Advice()}";

    /// <summary>What the system says; .NET's own words on how to look into it take several lines.</summary>
    public static string Cause(Exception exception)
    {
        var lines = exception.GetBaseException().Message.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var cause = lines.Length == 1 ? lines[0] : lines[1];
        return cause.EndsWith('.') ? cause : cause + ".";
    }

    public static string Advice() => OperatingSystem.IsWindows()
        ? $"Install the Microsoft Visual C++ Redistributable {LeastVisualCpp} or later for this processor (https://aka.ms/vs/17/release/vc_redist.{Architecture()}.exe)."
        : $"Take the build for this system ({Systems}), with all of its files.";

    private static string Architecture() =>
        System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? "arm64" : "x64";
}
