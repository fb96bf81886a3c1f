using System.Diagnostics;

namespace ActorEmbed.Client.Tests.Processes;

/// <summary>The real executable, which lies beside the tests.</summary>
internal static class RealServer
{
    private static readonly Lazy<bool> Knows = new(KnowsItsParent);
    private static readonly Lazy<string> Executable = new(Find);

    /// <summary>Whether it ends with its parent.</summary>
    public static bool ExitsWithParent => Knows.Value;

    public static string ExecutablePath => Executable.Value;

    private static string Assembly { get; } = Path.Combine(AppContext.BaseDirectory, "actorembed.dll");

    /// <summary>A server from before --exit-with-parent is given what it knows, by a script that drops the rest.</summary>
    private static string Find()
    {
        if (ExitsWithParent || OperatingSystem.IsWindows())
            return Assembly;
        var script = Path.Combine(Directory.CreateTempSubdirectory("actorembed-").FullName, "actorembed");
        File.WriteAllText(script, $"""
            #!/bin/bash
            args=()
            while [ $# -gt 0 ]; do
              case "$1" in
                --exit-with-parent) ;;
                --parent-pid) shift ;;
                *) args+=("$1") ;;
              esac
              shift
            done
            exec dotnet "{Assembly}" "${"{"}args[@]{"}"}"
            """.ReplaceLineEndings("\n"));
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return script;
    }

    private static bool KnowsItsParent()
    {
        using var help = Process.Start(new ProcessStartInfo("dotnet", [Assembly, "--help"]) { RedirectStandardOutput = true })!;
        var text = help.StandardOutput.ReadToEnd();
        help.WaitForExit();
        return text.Contains("--exit-with-parent", StringComparison.Ordinal);
    }
}
