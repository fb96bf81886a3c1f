using System.Diagnostics;
using ActorEmbed.Bench.StandIn;
using ActorEmbed.Inference.Compilation;
using ActorEmbed.Inference.Compilation.Onnx;
using ActorEmbed.Inference.Encoding;
using ActorEmbed.Inference.Models;
var sw = Stopwatch.StartNew();
var standin = Path.GetFullPath(args[0]);
StandInModel.Ensure(standin);
Console.WriteLine($"standin {sw.ElapsedMilliseconds}");
sw.Restart();
var dir = Path.Combine(standin, "tmp32"); Directory.CreateDirectory(dir);
var path = Path.Combine(dir, "model.onnx");
var arch = EncoderArchitecture.TryRead(Path.Combine(standin, "config.json"), out _)!;
using var file = new SafetensorsFile(Path.Combine(standin, "model.safetensors"));
var w = EncoderWeights.TryOpen(file, arch, out var why)!;
if (!File.Exists(path))
{
    using var ext = new ExternalTensorFile(Path.Combine(dir, "weights.bin"));
    var g = new OnnxGraph(ext);
    new EncoderGraphBuilder(arch, w, PoolingMode.Mean, new ExactProducts(w)).Build(g);
    g.Save(path, "1");
}
Console.WriteLine($"build {sw.ElapsedMilliseconds}"); 
var t0 = (DateTime.Now - Process.GetCurrentProcess().StartTime).TotalMilliseconds;
sw.Restart();
using var enc = new PackedEncoder(new PackedSessions(path, 2), new PackedTokenTable(file.Path, w.TokenTable), arch, 2);
Console.WriteLine($"at {t0:0} load {sw.ElapsedMilliseconds} rss {Environment.WorkingSet >> 20}");
var rnd = new Random(1);
int[] Text(int n) { var t = new int[n]; for (var i = 0; i < n; i++) t[i] = rnd.Next(4, 250000); t[0] = 0; t[^1] = 2; return t; }
var texts = Enumerable.Range(0, 32).Select(_ => Text((int)Math.Clamp(Math.Exp(2.7 + 0.8 * Math.Sqrt(-2 * Math.Log(1 - rnd.NextDouble())) * Math.Cos(2 * Math.PI * rnd.NextDouble())), 3, 128))).ToArray();
for (var r = 0; r < 6; r++) { sw.Restart(); enc.Encode(texts); Console.WriteLine($"mixed {texts.Sum(t => t.Length)} tokens {sw.Elapsed.TotalMilliseconds:0.0} ms rss {Environment.WorkingSet >> 20}"); }
foreach (var n in new[] { 16, 64, 128 }) { var b = Enumerable.Range(0, 32).Select(_ => Text(n)).ToArray(); for (var r = 0; r < 4; r++) { sw.Restart(); enc.Encode(b); Console.WriteLine($"equal {n}: {32 * n / sw.Elapsed.TotalSeconds:0} tok/s rss {Environment.WorkingSet >> 20}"); } }
var lone = Text(16); for (var r = 0; r < 30; r++) { sw.Restart(); enc.Encode([lone]); if (r > 24) Console.WriteLine($"lone {sw.Elapsed.TotalMilliseconds:0.00}"); }
