using System.Diagnostics;
using System.Globalization;
using ActorEmbed.Bench.Compiled;
using ActorEmbed.Inference;

namespace ActorEmbed.Bench.Families;

/// <summary>What one family needs in a process of its own: this executable, called again.</summary>
internal static class FamilyChild
{
    public const string Command = "family-child";

    /// <summary>Starts a process and waits for what it has measured: a row of the report.</summary>
    public static string Start(string root, FamilyShape shape, Precision precision, int longest)
    {
        using var child = OwnProcess.Start(Command, root, shape.Name, $"{precision}", longest.ToString(CultureInfo.InvariantCulture));
        var row = child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        return child.ExitCode == 0 ? row.TrimEnd() : throw new InvalidOperationException($"{shape.Name} ended with {child.ExitCode}.");
    }

    /// <summary>The child's side: prints what it measured of itself.</summary>
    /// <param name="root">Where the stand-ins are.</param>
    /// <param name="name">Of the shape.</param>
    /// <param name="precision">What to compute with.</param>
    /// <param name="longest">Tokens of the longest text: last, a text of so many is computed.</param>
    public static void Run(string root, string name, Precision precision, int longest)
    {
        var shape = FamilyShapes.All.Single(shape => shape.Name == name);
        var ids = new FamilyIds(shape);
        using var encoder = FamilyEncoder.Open(FamilyModel.Ensure(root, shape), shape, precision);
        encoder.Encode([ids.Draw(new Random(1), 16)]);
        using var self = Process.GetCurrentProcess();
        var first = (DateTime.Now - self.StartTime).TotalMilliseconds;
        foreach (var workload in FamilyWorkload.All)
            encoder.Encode(workload.Draw(ids));
        var (steady, peak) = (ProcessMemory.Resident(self.Id), ProcessMemory.Peak(self.Id));
        var seconds = SpeedBench.Time(encoder, [ids.Draw(new Random(2), longest)]);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {precision.ToString().ToLowerInvariant()} | {first:N0} ms | {steady:N0} MB | {peak:N0} MB | {longest:N0} tokens: {seconds:N1} s | +{ProcessMemory.Peak(self.Id) - steady:N0} MB | {ProcessMemory.Resident(self.Id):N0} MB |"));
    }
}
