using ActorEmbed.Inference.Compilation.Cache;
using ActorEmbed.Inference.Devices;
using ActorEmbed.Inference.Encoders;
using ActorEmbed.Inference.Graphs;
using ActorEmbed.Inference.Graphs.Onnx;
using ActorEmbed.Inference.Tokenization;
using ActorEmbed.Inference.Weights;
using Microsoft.Extensions.Logging;

namespace ActorEmbed.Inference.Compilation;

/// <summary>Writes the graph of a model for a device, and compares what it gives there with the processor.</summary>
/// <param name="host">The same for the processor.</param>
/// <param name="source">What is compiled.</param>
/// <param name="architecture">The model's shape.</param>
/// <param name="files">Its weights.</param>
/// <param name="writer">Writes its graph.</param>
/// <param name="device">Where it is run.</param>
/// <param name="logger">Is told how far the vectors are from the processor's.</param>
internal sealed class DeviceGraphCompiler(
    GraphCompiler host, CompiledModelSource source, EncoderArchitecture architecture, IModelWeights files, IEncoderWriter writer,
    DeviceTarget device, ILogger logger) : IGraphCompiler<ITextEncoder>
{
    // Of the texts that are compared, the last are encoded alone too, in the shapes of lone texts: two of each length.
    private const int ComparedAlone = 8;

    private int Dimensions => source.Pooling.Count * architecture.Hidden;

    public string? Write(CompiledGraphKind kind, string directory)
    {
        var exact = host.ComputeExact(directory, device.Runtime.Clock);
        GraphCompiler.Build(directory, graph => writer.WriteExact(graph, source.Pooling), FormOf(kind));
        using var encoder = Open(directory);
        var alone = exact.Texts[^Math.Min(ComparedAlone, exact.Texts.Length)..];
        float[][] vectors = [.. GraphCompiler.Encode(encoder, exact.Texts), .. alone.SelectMany(text => GraphCompiler.Encode(encoder, [text]))];
        var (difference, cosine, failure) = DeviceSelfTest.Compare([.. exact.Vectors, .. exact.Vectors[^alone.Length..]], vectors, logger);
        if (failure is not null)
            return failure;
        var verdict = new DeviceVerdict(difference, cosine, DurationOf(encoder, exact.Texts).TotalSeconds, exact.Duration.TotalSeconds);
        verdict.Write(directory);
        logger.LogInformation("the device is {Gain:F2} times as fast as the processor on the calibration texts", verdict.Gain);
        return null;
    }

    public ITextEncoder Open(string directory)
    {
        var path = Path.Combine(directory, CompiledModelFiles.Graph);
        return device.Device.HasFixedShapes() ? OpenFixed(path) : OpenBound(path);
    }

    private BoundEncoder OpenBound(string path)
    {
        var session = device.Open(path);
        try
        {
            return new BoundEncoder(device.Runtime, session, architecture, Dimensions);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    private FixedEncoder OpenFixed(string path)
    {
        var tokenTable = host.OpenTokenTable();
        try
        {
            return new FixedEncoder(device, path, architecture, tokenTable, Dimensions);
        }
        catch
        {
            tokenTable.Dispose();
            throw;
        }
    }

    private TimeSpan DurationOf(ITextEncoder encoder, TokenizedText[] texts) =>
        DeviceSelfTest.Measure(device.Runtime.Clock, () => GraphCompiler.Encode(encoder, texts));

    private DeviceForm FormOf(CompiledGraphKind kind) => device.Device.HasFixedShapes()
        ? new DeviceForm(kind == CompiledGraphKind.FixedFp16, WriteTokenTable: null, HasPackedAttention: false) { IsFixed = true }
        : new DeviceForm(kind == CompiledGraphKind.DeviceFp16, WriteTokenTable, device.Runtime.HasPackedAttention);

    private string WriteTokenTable(OnnxGraph graph)
    {
        var table = writer.TokenTable;
        return graph.Floats(files.ReadFloats(table), table.Shape);
    }
}
