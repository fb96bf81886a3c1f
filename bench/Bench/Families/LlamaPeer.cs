using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace ActorEmbed.Bench.Families;

/// <summary>llama.cpp in a process of its own, as bench/peers runs it, fed with token ids.</summary>
internal sealed class LlamaPeer : IDisposable
{
    private static readonly string Folder = Path.GetFullPath(Path.Combine("bench", "peers"));

    private readonly Process _process;

    /// <param name="gguf">The model.</param>
    /// <param name="longest">Tokens of the longest text.</param>
    public LlamaPeer(string gguf, int longest)
    {
        // A context has to be longer than its text.
        var context = (longest + 1).ToString(CultureInfo.InvariantCulture);
        var threads = Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture);
        _process = Process.Start(new ProcessStartInfo("node", [Path.Combine(Folder, "servers", "llama-tokens.mjs"), gguf, threads, context])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        // What the library has to say comes first.
        while (ReadLine() != "ready")
        {
        }
    }

    /// <summary>Whether its package is there.</summary>
    public static bool IsInstalled => Directory.Exists(Path.Combine(Folder, "node_modules", "node-llama-cpp"));

    public float[][] Encode(int[][] texts)
    {
        _process.StandardInput.WriteLine(JsonSerializer.Serialize(texts));
        return JsonSerializer.Deserialize<float[][]>(ReadLine())!;
    }

    /// <summary>How long it takes, the processor time being its own.</summary>
    public Elapsed Time(int[][] texts)
    {
        var (start, used) = (Stopwatch.GetTimestamp(), CoreTime());
        Encode(texts);
        return new Elapsed(Stopwatch.GetElapsedTime(start).TotalSeconds, (CoreTime() - used).TotalSeconds);
    }

    /// <summary>MiB that it has had resident at most.</summary>
    public double PeakMemory() => ProcessMemory.Peak(_process.Id);

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    private string ReadLine() => _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("llama.cpp ended; its reason is above.");

    private TimeSpan CoreTime()
    {
        _process.Refresh();
        return _process.TotalProcessorTime;
    }
}
