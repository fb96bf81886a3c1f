using System.Diagnostics;
using System.Globalization;
using ActorEmbed.Bench.StandIn;
using ActorEmbed.Inference;
using ActorEmbed.Inference.Compilation;
using ActorEmbed.Inference.Encoders;
using ActorEmbed.Inference.Tokenization;
using ActorEmbed.Tests.RealModels;
using Microsoft.Extensions.Logging.Abstractions;

namespace ActorEmbed.Bench.Real;

internal static class Experiment
{
    public static void Run(string name, string textsPath, int[] limits)
    {
        var texts = File.ReadAllLines(textsPath);
        var parent = Path.GetFullPath("artifacts/real");
        Directory.CreateDirectory(parent);
        var real = RealModel.All.FirstOrDefault(model => model.Name == name);
        var directory = real is null ? Path.GetFullPath(name) : real.EnsureAt(parent);
        ITextTokenizer tokenizer = real is null ? new StandInIds() : TokenizerLoader.Load(directory, 256);
        var pooling = real == RealModel.ArcticXs ? PoolingMode.Cls : PoolingMode.Mean;
        int[][] ids = [.. texts.Select(text => tokenizer.Tokenize(text).Ids)];
        PaddedEncoder Original() => new(Path.Combine(directory, "onnx", "model.onnx"), new PaddedEncoderOptions { Pooling = [pooling], Dimensions = null, PaddingId = 0, Threads = 2 });
        var cache = Path.Combine(parent, "exact");
        float[][] exact;
        using (var encoder = Open(Precision.Fp32, 127, cache))
            exact = encoder.Encode(ids);
        foreach (var limit in limits)
        {
            var other = Path.Combine(parent, Guid.NewGuid().ToString("N"));
            var watch = Stopwatch.StartNew();
            using var encoder = Open(Precision.Int8, limit, other);
            var compiled = watch.Elapsed.TotalSeconds;
            var a = Agreement.Of(exact, encoder.Encode(ids));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name[..Math.Min(name.Length,12)]} {limit} mean {a.MeanCosine:F5} least {a.LeastCosine:F5} centred {a.MedianCentred:F5} / {a.LeastCentred:F5} nn {a.Nearest:P1} ten {a.TenNearest:P1} rho {a.Spearman:F5} compile {compiled:F1} s"));
            Directory.Delete(other, true);
        }

        ITextEncoder Open(Precision precision, int limit, string at) => CompiledEncoder.TryOpen(
            new CompiledModelSource(directory, [pooling], () => tokenizer)
            {
                CompiledModelDirectory = at,
                WeightLimit = limit,
                WeightsPaths = [Path.Combine(directory, real is null ? "model.safetensors" : "onnx/model.onnx")],
                OriginalGraph = real is null ? null : Original,
            },
            precision, new EncoderOptions(2), NullLogger.Instance, out var whyNot)?.Encoder ?? throw new InvalidOperationException(whyNot);
    }
}
