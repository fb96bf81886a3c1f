using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ActorEmbed.Client.Tests.TypeScript;

/// <summary>
/// The packages of npm as scripts/publish.sh packs them for this system, installed into an empty folder without a network.
/// </summary>
public sealed class PackedPackages : IAsyncLifetime
{
    // Building, packing 70 MB and unpacking them takes a minute; a loaded machine may take many times that.
    internal static readonly TimeSpan Limit = TimeSpan.FromMinutes(15);

    private static readonly string Repository = Path.GetFullPath(Path.Combine(TypeScriptPackage.Folder, "../.."));

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("actorembed-packed-");

    /// <summary>Why they cannot be made; null when they can.</summary>
    public static string? WhyNot { get; } = TypeScriptPackage.WhyNot ?? (Rid is null ? "The script publishes for Linux here." : null);

    private static string? Rid => !OperatingSystem.IsLinux() ? null : RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => "linux-x64",
        Architecture.Arm64 => "linux-arm64",
        _ => null,
    };

    /// <summary>An application that depends on the client.</summary>
    public string Application => At("application");

    public async Task InitializeAsync()
    {
        if (WhyNot is not null)
            return;
        var output = Path.Combine(Repository, "artifacts/quick");
        var (published, log, errors) = await RunAsync("/bin/bash", Repository, new() { ["OUT"] = output }, "scripts/publish.sh", "--quick", Rid!);
        Assert.True(published == 0, log + errors);
        Directory.CreateDirectory(Application);
        // A cache with nothing in it and a registry that is not there: what is not in the tarballs cannot be had.
        var environment = new Dictionary<string, string?> { ["npm_config_cache"] = At("cache"), ["npm_config_registry"] = "http://127.0.0.1:9/" };
        var (installed, _, message) = await RunAsync(
            "npm", Application, environment,
            ["install", "--offline", "--fetch-retries=0", "--no-audit", "--no-fund", .. Directory.GetFiles(Path.Combine(output, "npm"), "*.tgz")]);
        Assert.True(installed == 0, message);
    }

    public Task DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return Task.CompletedTask;
    }

    /// <summary>Runs a program of the application where neither .NET nor an executable is to be found; what it printed.</summary>
    public async Task<string> RunAsync(string program, Dictionary<string, string?>? environment = null)
    {
        var node = (await RunAsync("node", Application, [], "--print", "process.execPath")).Output.Trim();
        var (exitCode, output, error) = await RunAsync(node, Application, new(environment ?? [])
        {
            ["PATH"] = At("nothing"),
            ["HOME"] = At("home"),
            ["DOTNET_ROOT"] = null,
            ["ACTOREMBED_EXECUTABLE"] = null,
        }, program);
        Assert.True(exitCode == 0, output + error);
        return output;
    }

    /// <summary>Compiles a program of the application as strictly as can be; what the compiler had to say.</summary>
    public async Task<string> CheckTypesAsync(string program, string module, string resolution)
    {
        var compiler = Path.Combine(TypeScriptPackage.Folder, "node_modules");
        var (_, output, error) = await RunAsync(
            "node", Application, [], Path.Combine(compiler, "typescript/bin/tsc"), program, "--noEmit", "--strict", "--exactOptionalPropertyTypes",
            "--target", "es2022", "--module", module, "--moduleResolution", resolution, "--typeRoots", Path.Combine(compiler, "@types"), "--types", "node");
        return output + error;
    }

    private string At(string name) => Path.Combine(_folder.FullName, name);

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(
        string file, string folder, Dictionary<string, string?> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        // The test's own build says where to find its parts; and what a build leaves running would keep the output open.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList())
            start.Environment.Remove(name);
        (start.Environment["MSBUILDDISABLENODEREUSE"], start.Environment["UseSharedCompilation"]) = ("1", "false");
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}
