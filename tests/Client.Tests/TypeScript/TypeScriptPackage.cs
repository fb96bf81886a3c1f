using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using ActorEmbed.Client.Tests.Processes;
using ActorEmbed.Client.Tests.Sidecar;

namespace ActorEmbed.Client.Tests.TypeScript;

/// <summary>clients/typescript: built and tested by npm, as who works on it does it.</summary>
internal static class TypeScriptPackage
{
    // Installing, compiling and 150 tests take a minute; a loaded machine may take many times that.
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(15);

    private static readonly string Npm = OperatingSystem.IsWindows() ? "npm.cmd" : "npm";

    internal static readonly string Folder = typeof(TypeScriptPackage).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "TypeScriptDirectory").Value!;

    /// <summary>Why it cannot be run; null when it can. Installs the compiler on the first call, where it is not there yet.</summary>
    public static string? WhyNot { get; } = Install();

    /// <summary>Runs its tests, those of the lifecycle also against the real server; exit code and what was printed.</summary>
    public static Task<(int ExitCode, string Output)> TestAsync() => RunAsync("test");

    private static string? Install()
    {
        try
        {
            if (IsInstalled())
                return RunAsync("--version").GetAwaiter().GetResult().ExitCode == 0 ? null : "npm cannot be run.";
            var (exitCode, output) = RunAsync("ci", "--no-audit", "--no-fund").GetAwaiter().GetResult();
            return exitCode == 0 ? null : $"npm ci failed in clients/typescript: {output}";
        }
        catch (Win32Exception e)
        {
            return $"npm cannot be run: {e.Message}";
        }
    }

    // What npm writes last of an installation: newer than the lock file, it is an installation of that.
    private static bool IsInstalled() =>
        File.GetLastWriteTimeUtc(Path.Combine(Folder, "node_modules/.package-lock.json")) > File.GetLastWriteTimeUtc(Path.Combine(Folder, "package-lock.json"));

    private static async Task<(int ExitCode, string Output)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(Npm, arguments)
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.Environment["ACTOREMBED_EXECUTABLE"] = Path.ChangeExtension(RealServer.ExecutablePath, OperatingSystem.IsWindows() ? ".exe" : null);
        // The executable looks for the runtime in the usual places; this one may be elsewhere.
        start.Environment["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../.."));
        start.Environment.TryAdd(
            RealServerLifecycleTests.CrashCyclesVariable, RealServerLifecycleTests.DefaultCrashCycles.ToString(CultureInfo.InvariantCulture));
        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, await output + await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}
