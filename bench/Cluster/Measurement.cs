using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace ActorEmbed.ClusterBench;

/// <summary>One size of cluster under as much load as it takes.</summary>
internal static class Measurement
{
    // Up to ten full batches a request. Different lengths, so that requests do not all end at once and leave nothing to do.
    private const int MostTexts = 320;
    private const int LeastTexts = 32;

    // So many requests wait that no worker ever runs dry while answers are written and read.
    private const int CallersPerWorker = 3;
    private const int LeastCallers = 6;

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    public static async Task<(double TextsPerSecond, TimeSpan RouterCpuPerText)> RunAsync(int workers, TimeSpan duration)
    {
        var (httpPort, clusterPort) = (FreePort(), FreePort());
        using var router = Start(RouterProcess.Command, $"{httpPort}", $"{clusterPort}");
        using var nodes = Start(WorkersProcess.Command, $"{workers}", $"{clusterPort}");
        try
        {
            using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{httpPort}"), Timeout = TimeSpan.FromMinutes(5) };
            while (await ServingAsync(client) < workers)
                await Task.Delay(Poll);
            // The first seconds compile the code, of as many actor systems as there are workers; they are not measured.
            await LoadAsync(client, workers, duration);

            var (texts, cpu, watch) = (await TextsAsync(client), Cpu(router), Stopwatch.StartNew());
            var load = LoadAsync(client, workers, duration);
            await Task.Delay(duration);
            var (textsAfter, cpuAfter, elapsed) = (await TextsAsync(client), Cpu(router), watch.Elapsed);
            await load;
            var done = textsAfter - texts;
            return (done / elapsed.TotalSeconds, (cpuAfter - cpu) / done);
        }
        finally
        {
            router.Kill();
            nodes.Kill();
        }
    }

    private static Task LoadAsync(HttpClient client, int workers, TimeSpan duration)
    {
        var watch = Stopwatch.StartNew();
        return Task.WhenAll(Enumerable.Range(0, Math.Max(LeastCallers, workers * CallersPerWorker)).Select(async caller =>
        {
            // Texts of its own, because equal ones in a batch are computed once.
            var count = new Random(caller).Next(LeastTexts, MostTexts);
            var body = JsonSerializer.SerializeToUtf8Bytes(new { texts = Enumerable.Range(0, count).Select(i => $"a sentence of everyday length, number {i} of {caller}") });
            while (watch.Elapsed < duration)
            {
                using var content = new ByteArrayContent(body);
                content.Headers.ContentType = new("application/json");
                using var response = await client.PostAsync("/embed", content);
                response.EnsureSuccessStatusCode();
            }
        }));
    }

    private static async Task<int> ServingAsync(HttpClient client)
    {
        try
        {
            var info = await client.GetFromJsonAsync<JsonElement>("/info");
            return info.GetProperty("nodes").EnumerateArray().Count(node => node.GetProperty("state").GetString() == "free");
        }
        catch (HttpRequestException)
        {
            return 0;
        }
    }

    private static async Task<long> TextsAsync(HttpClient client) =>
        (await client.GetFromJsonAsync<JsonElement>("/info")).GetProperty("counters").GetProperty("texts").GetInt64();

    private static TimeSpan Cpu(Process process)
    {
        process.Refresh();
        return process.TotalProcessorTime;
    }

    private static Process Start(params string[] arguments)
    {
        var process = Process.Start(new ProcessStartInfo("dotnet", [typeof(Measurement).Assembly.Location, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardErrorEncoding = Encoding.UTF8,
        })!;
        // Nobody reads the logs here, but the pipes must not fill.
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
