using ActorEmbed.Inference;
using ActorEmbed.Inference.Compilation;
using ActorEmbed.Inference.Encoders;
using Microsoft.Extensions.Logging.Abstractions;

namespace ActorEmbed.Bench.Families;

/// <summary>Opens a stand-in as the server does.</summary>
internal static class FamilyEncoder
{
    public static PackedEncoder Open(string directory, FamilyShape shape, Precision precision)
    {
        var source = new CompiledModelSource(directory, [shape.Pooling], () => new FamilyIds(shape));
        var opened = CompiledEncoder.TryOpen(source, precision, EncoderOptions.Default, NullLogger.Instance, out var whyNot)
            ?? throw new InvalidOperationException($"{shape.Name} was not compiled: {whyNot}");
        return opened.Precision == precision
            ? opened.Encoder
            : throw new InvalidOperationException($"{shape.Name} was not compiled to {precision}.");
    }
}
