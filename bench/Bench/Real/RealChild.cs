using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using ActorEmbed.Bench.Compiled;
using ActorEmbed.Tests.RealModels;

namespace ActorEmbed.Bench.Real;

/// <summary>Start time and memory of one variant in a process of its own: this executable, called again.</summary>
/// <param name="FirstVectorMs">From the start of the process.</param>
/// <param name="ResidentMb">After some batches.</param>
/// <param name="PeakMb">The most that it was.</param>
internal sealed record RealChild(double FirstVectorMs, double ResidentMb, double PeakMb)
{
    public const string Command = "real-child";
    public const int Batches = 40;

    public static RealChild Start(string model, string variant)
    {
        using var child = OwnProcess.Start(Command, model, variant);
        var output = child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        return JsonSerializer.Deserialize<RealChild>(output) ?? throw new InvalidOperationException($"The {variant} child said: {output}");
    }

    /// <summary>The child's side: prints what it measured of itself.</summary>
    public static void Run(string name, string variant)
    {
        var model = RealModel.Find(name);
        var tokenizer = RealVariant.Tokenizer(model);
        using var encoder = RealVariant.Open(model, variant);
        int[][] texts = [.. Paraphrases.Read().SelectMany(pair => new[] { pair.First, pair.Second }).Select(text => tokenizer.Tokenize(text).Ids)];
        encoder.Encode([texts[0]]);
        using var self = Process.GetCurrentProcess();
        var first = (DateTime.Now - self.StartTime).TotalMilliseconds;
        for (var batch = 0; batch < Batches; batch++)
            encoder.Encode([.. Enumerable.Range(0, Workload.BatchSize).Select(i => texts[((batch * Workload.BatchSize) + i) % texts.Length])]);
        Console.WriteLine(JsonSerializer.Serialize(new RealChild(first, Status("VmRSS"), Status("VmHWM"))));
    }

    /// <summary>MiB, of what Linux says of this process.</summary>
    private static double Status(string field) => double.Parse(
        File.ReadLines("/proc/self/status").Single(line => line.StartsWith(field, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2],
        CultureInfo.InvariantCulture) / 1024;
}
