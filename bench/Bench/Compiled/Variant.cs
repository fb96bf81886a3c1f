using ActorEmbed.Bench.StandIn;
using ActorEmbed.Inference;
using ActorEmbed.Inference.Compilation;
using ActorEmbed.Inference.Encoders;
using Microsoft.Extensions.Logging.Abstractions;

namespace ActorEmbed.Bench.Compiled;

/// <summary>One way to run the stand-in model.</summary>
internal static class Variant
{
    public const string Naive = "plain-padded";
    public const string Sorted = "plain-sorted";
    public const string Fp32 = "fp32";
    public const string Int8 = "int8";

    public static readonly string[] All = [Naive, Sorted, Fp32, Int8];

    public static string Describe(string variant) => variant switch
    {
        Naive => "plain fp32 export, one padded batch",
        Sorted => "plain fp32 export, sorted by length",
        Fp32 => "compiled fp32",
        _ => "compiled int8",
    };

    public static ITextEncoder Open(string variant, string standIn) => variant switch
    {
        Naive or Sorted => new PlainEncoder(Path.Combine(standIn, "onnx", "model.onnx"), sortByLength: variant == Sorted),
        _ => CompiledEncoder.TryOpen(
                new CompiledModelSource(standIn, [PoolingMode.Mean], () => new StandInIds()),
                variant == Int8 ? Precision.Int8 : Precision.Fp32,
                EncoderOptions.Default,
                NullLogger.Instance,
                out _)?.Encoder
            ?? throw new InvalidOperationException("The stand-in was not compiled."),
    };
}
