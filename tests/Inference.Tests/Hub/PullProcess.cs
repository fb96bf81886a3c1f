using System.Diagnostics;
using ActorEmbed.Inference.Hub;

namespace ActorEmbed.Inference.Tests.Hub;

/// <summary>A pull in a process of its own, which can be killed. This test assembly is its own executable.</summary>
internal static class PullProcess
{
    /// <summary>Written to the output when a pull ends well.</summary>
    public const string Pulled = "pulled ";

    /// <param name="args">Endpoint, cache directory, model id.</param>
    public static async Task<int> Main(string[] args)
    {
        var options = new HubOptions { Endpoint = new Uri(args[0]), CacheDirectory = args[1] };
        using var hub = new ModelHub(options);
        using var progress = new PullProgressWriter(Console.Out, null);
        Console.WriteLine(Pulled + await hub.PullAsync(ModelReference.Parse(args[2]), progress));
        return 0;
    }

    public static Process Start(Uri endpoint, string cacheDirectory, string modelId)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            RedirectStandardOutput = true,
            ArgumentList = { "exec", typeof(PullProcess).Assembly.Location, endpoint.ToString(), cacheDirectory, modelId },
        };
        return Process.Start(start)!;
    }
}
