using System.ComponentModel;
using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ActorEmbed.Api.Tests.Clients;

/// <summary>A real browser without a window, and a web site of an origin of its own.</summary>
internal static class Browser
{
    // A cold start on a busy machine takes ten seconds.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome"];

    private static readonly Lazy<string?> Installed = new(() => Names.FirstOrDefault(CanRun));

    /// <summary>The file that is started.</summary>
    public static string ExecutablePath => Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, Installed.Value + (OperatingSystem.IsWindows() ? ".exe" : "")))
        .First(File.Exists);

    /// <summary>Why no browser can be run; null when one can.</summary>
    public static string? WhyNot => Installed.Value is null ? "Chromium is not installed." : null;

    /// <summary>Starts a site with one page that runs a script; its origin is the site's address.</summary>
    public static async Task<WebApplication> StartSiteAsync(string script)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var site = builder.Build();
        site.MapGet("/", () => Results.Content($"<html><body>nothing yet<script>{script}</script></body></html>", "text/html"));
        await site.StartAsync();
        return site;
    }

    public static string OriginOf(WebApplication site) =>
        site.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    /// <summary>What the page has become once its scripts and requests are done.</summary>
    public static async Task<string> VisitAsync(string url)
    {
        var profile = Directory.CreateTempSubdirectory("actorembed-browser-");
        try
        {
            // No sandbox: it cannot be had as root, and the page is our own. The virtual time stands still while a request runs.
            using var process = Start(
                Installed.Value!, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                $"--user-data-dir={profile.FullName}", "--virtual-time-budget=10000", "--dump-dom", url);
            _ = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEndAsync();
            try
            {
                return await output.WaitAsync(Patience);
            }
            finally
            {
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync();
            }
        }
        finally
        {
            DeleteSoon(profile);
        }
    }

    private static void DeleteSoon(DirectoryInfo profile)
    {
        try
        {
            profile.Delete(recursive: true);
        }
        catch (IOException)
        {
            // A child of the browser writes its last; the system's temporary folder is cleaned without us.
        }
    }

    private static bool CanRun(string name)
    {
        try
        {
            using var process = Start(name, "--version");
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }

    private static Process Start(string file, params string[] arguments) =>
        Process.Start(new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
}
