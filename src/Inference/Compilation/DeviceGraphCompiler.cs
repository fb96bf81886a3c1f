using ActorEmbed.Inference.Compilation.Cache;
using ActorEmbed.Inference.Devices;
using ActorEmbed.Inference.Encoders;
using ActorEmbed.Inference.Graphs;
using ActorEmbed.Inference.Graphs.Onnx;
using ActorEmbed.Inference.Weights;
using Microsoft.Extensions.Logging;
using Microsoft.ML.OnnxRuntime;

namespace ActorEmbed.Inference.Compilation;

/// <summary>Writes the graph of a model for a device with a memory of its own, and compares what it gives there with the processor.</summary>
/// <param name="host">The same for the processor.</param>
/// <param name="source">What is compiled.</param>
/// <param name="architecture">The model's shape.</param>
/// <param name="files">Its weights.</param>
/// <param name="writer">Writes its graph.</param>
/// <param name="device">Where it is run.</param>
/// <param name="logger">Is told how far the vectors are from the processor's.</param>
internal sealed class DeviceGraphCompiler(
    GraphCompiler host, CompiledModelSource source, EncoderArchitecture architecture, IModelWeights files, IEncoderWriter writer,
    DeviceTarget device, ILogger logger) : IGraphCompiler<BoundEncoder>
{
    public string? Write(CompiledGraphKind kind, string directory)
    {
        var (texts, exact) = host.ComputeExact(directory);
        GraphCompiler.Build(
            directory,
            graph => writer.WriteExact(graph, source.Pooling),
            new DeviceForm(kind == CompiledGraphKind.DeviceFp16, WriteTokenTable, device.Runtime.HasPackedAttention));
        using var encoder = Open(directory);
        return DeviceSelfTest.FindFailure(exact, GraphCompiler.Encode(encoder, texts), logger);
    }

    public BoundEncoder Open(string directory)
    {
        var session = OpenSession(directory);
        try
        {
            return new BoundEncoder(device.Runtime, session, architecture, source.Pooling.Count * architecture.Hidden);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    private InferenceSession OpenSession(string directory)
    {
        try
        {
            return device.Runtime.Open(Path.Combine(directory, CompiledModelFiles.Graph), device.Device);
        }
        catch (OnnxRuntimeException e)
        {
            // The files were checked by their checksums: it is the device that has no memory for them, or is gone. Building
            // them again would not help.
            throw new InferenceException($"The model could not be opened on {device.Device.Name()}: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }

    private string WriteTokenTable(OnnxGraph graph)
    {
        var table = writer.TokenTable;
        return graph.Floats(files.ReadFloats(table), table.Shape);
    }
}
