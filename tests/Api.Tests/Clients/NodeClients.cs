using System.Diagnostics;
using System.Reflection;
using System.Text.Json;

namespace ActorEmbed.Api.Tests.Clients;

/// <summary>The scripts of tests/clients-js, which call the server with the npm packages that people use.</summary>
internal static class NodeClients
{
    // A cold npm cache on a busy machine; a script takes a second.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private static readonly string Folder = typeof(NodeClients).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "ClientsDirectory").Value!;

    private static readonly Lazy<string?> Obstacle = new(Install);

    /// <summary>Why the scripts cannot be run; null when they can. Installs the packages on the first call.</summary>
    public static string? WhyNot => Obstacle.Value;

    /// <summary>Runs a script against servers; what it printed.</summary>
    public static async Task<JsonElement> RunAsync(string script, params TestServer[] servers)
    {
        var (exitCode, output, error) = await Task.Run(() => Run("node", [script, .. servers.Select(server => server.Client.BaseAddress!.ToString().TrimEnd('/'))]));
        Assert.True(exitCode == 0, $"{script} failed: {error}");
        return JsonSerializer.Deserialize<JsonElement>(output);
    }

    /// <summary>What TypeScript's compiler says of a project; empty when nothing is amiss.</summary>
    public static async Task<string> CheckTypesAsync(string project)
    {
        var (_, output, error) = await Task.Run(() => Run("node", "node_modules/typescript/bin/tsc", "--project", project));
        return output + error;
    }

    private static string? Install()
    {
        try
        {
            if (Run("node", "--version") is not { ExitCode: 0, Output: var version } || !Version.TryParse(version.Trim().TrimStart('v'), out var node) || node.Major < 20)
                return "Node.js 20 or later is not installed.";
            var installed = new FileInfo(Path.Combine(Folder, "node_modules", ".package-lock.json"));
            if (installed.Exists && installed.LastWriteTimeUtc >= File.GetLastWriteTimeUtc(Path.Combine(Folder, "package-lock.json")))
                return null;
            var (exitCode, _, error) = Run(OperatingSystem.IsWindows() ? "npm.cmd" : "npm", "ci", "--no-audit", "--no-fund");
            return exitCode == 0 ? null : $"npm ci failed in {Folder}: {error}";
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or TimeoutException)
        {
            return $"Node.js or npm cannot be run: {e.Message}";
        }
    }

    private static (int ExitCode, string Output, string Error) Run(string file, params string[] arguments)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{file} {arguments[0]} did not end in {Patience}.");
        }

        return (process.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
    }
}
