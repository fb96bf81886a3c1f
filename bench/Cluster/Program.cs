using System.Globalization;
using ActorEmbed.ClusterBench;

// bench/Cluster [SECONDS]: throughput with 1 to 16 simulated workers, and what a text costs the router. A router and a
// process with all workers are started as children, so that the router's CPU time is the router's alone.
const double defaultSeconds = 20;

int[] workerCounts = [1, 2, 4, 8, 16];

switch (args)
{
    case [RouterProcess.Command, var httpPort, var clusterPort]:
        await RouterProcess.RunAsync(int.Parse(httpPort, CultureInfo.InvariantCulture), int.Parse(clusterPort, CultureInfo.InvariantCulture));
        return 0;
    case [WorkersProcess.Command, var count, var clusterPort]:
        await WorkersProcess.RunAsync(int.Parse(count, CultureInfo.InvariantCulture), int.Parse(clusterPort, CultureInfo.InvariantCulture));
        return 0;
}

var seconds = args.Length > 0 ? double.Parse(args[0], CultureInfo.InvariantCulture) : defaultSeconds;
Console.WriteLine($"{Environment.ProcessorCount} cores; each worker sleeps {SleepingModel.BatchLatency.TotalMilliseconds} ms for a batch of up to 32 texts, {SleepingModel.Dimensions} dimensions; {seconds} s each");
Console.WriteLine();
Console.WriteLine("| workers | texts/s | of linear | router CPU per text | router CPU, of one core |");
Console.WriteLine("|---|---|---|---|---|");
var isSound = true;
foreach (var workers in workerCounts)
{
    var (textsPerSecond, cpuPerText) = await Measurement.RunAsync(workers, TimeSpan.FromSeconds(seconds));
    var ofLinear = textsPerSecond / (workers * SleepingModel.TextsPerSecond);
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {workers} | {textsPerSecond:F0} | {ofLinear:P1} | {cpuPerText.TotalMicroseconds:F0} µs | {textsPerSecond * cpuPerText.TotalSeconds:P0} |"));
    // What is promised: nine tenths of linear up to eight workers.
    isSound &= workers > 8 || ofLinear >= 0.9;
}

return isSound ? 0 : 1;
