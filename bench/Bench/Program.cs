using System.Diagnostics;
using ActorEmbed.Bench.Compiled;
using ActorEmbed.Bench.StandIn;

var standIn = Path.GetFullPath(args[1]);
StandInModel.Ensure(standIn);
var sw = Stopwatch.StartNew();
var t0 = (DateTime.Now - Process.GetCurrentProcess().StartTime).TotalMilliseconds;
using var enc = Variant.Open(args[0], standIn);
Console.WriteLine($"at {t0:0} load {sw.ElapsedMilliseconds} rss {Environment.WorkingSet >> 20}");
foreach (var w in Workload.All())
    for (var r = 0; r < 4; r++) { sw.Restart(); enc.Encode(w.Texts); Console.WriteLine($"{w.Name} {w.Tokens} tokens {sw.Elapsed.TotalMilliseconds:0.0} ms {w.Tokens / sw.Elapsed.TotalSeconds:0} tok/s rss {Environment.WorkingSet >> 20}"); }
var lone = Workload.All()[1].Texts[0]; for (var r = 0; r < 30; r++) { sw.Restart(); enc.Encode([lone]); if (r > 24) Console.WriteLine($"lone {sw.Elapsed.TotalMilliseconds:0.00}"); }
