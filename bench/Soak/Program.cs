using System.Diagnostics;
using System.Globalization;
using ActorEmbed.Soak;

// Ten minutes by default: long enough for a leak of a few KB a request to show.
const double defaultSeconds = 600;

// Memory that is still growing after this much of the run is no warm-up any more.
const double warmUp = 0.25;

// A shorter run says nothing of memory: the heap of a fresh process is still finding its size.
const double leastSecondsForMemory = 60;

// What the garbage collector leaves lying about varies by this much on a machine of any size.
const double allowedGrowth = 1.25;

if (args is [SoakedServer.Command])
{
    await SoakedServer.RunAsync();
    return 0;
}

var seconds = args.Length > 0 ? double.Parse(args[0], CultureInfo.InvariantCulture) : defaultSeconds;
var corpus = new Corpus();
var tally = new Tally();
using var server = await SoakedServer.StartAsync();
using var client = new HttpClient { BaseAddress = server.Address };
using var timeIsUp = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
Console.WriteLine($"soaking {server.Address} for {seconds:F0} s: 2 bulk, 4 single, 1 cancelling, 1 malformed, 1 poisonous caller");

var memory = new List<double>();
var watch = Stopwatch.StartNew();
var callers = new Callers(client, corpus, tally).RunAsync(timeIsUp.Token);
while (!callers.IsCompleted)
{
    memory.Add(server.ResidentMegabytes);
    await Task.WhenAny(callers, Task.Delay(TimeSpan.FromMilliseconds(250)));
}

await callers;
var steady = memory.Skip((int)(memory.Count * warmUp)).ToArray();
var (atStart, atEnd) = (steady[..(steady.Length / 3)].Max(), steady[^(steady.Length / 3)..].Max());
Console.WriteLine($"{tally} in {watch.Elapsed.TotalSeconds:F0} s");
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"resident memory, maximum of the first and of the last third after warm-up: {atStart:F0} MB, {atEnd:F0} MB"));
var isSound = tally is { Lost: 0, Wrong: 0 } && !server.HasExited && (seconds < leastSecondsForMemory || atEnd <= atStart * allowedGrowth);
Console.WriteLine(isSound ? "sound" : "NOT SOUND");
return isSound ? 0 : 1;
