using ActorEmbed.Inference.Graphs.Onnx;
using Microsoft.ML.OnnxRuntime;

namespace ActorEmbed.Inference.Devices;

/// <summary>The smallest graph that needs a device: that it runs there shows that the provider, its libraries and the device work together.</summary>
internal static class DeviceTrial
{
    private const string Input = "input";
    private const string Output = "output";

    /// <param name="addProvider">Adds the provider of the device.</param>
    /// <returns>Whether the sum was right.</returns>
    /// <exception cref="OnnxRuntimeException">They do not.</exception>
    public static bool Run(Action<SessionOptions> addProvider)
    {
        using var session = OnnxSessions.OpenOnDevice(Graph(), addProvider);
        using var options = new RunOptions();
        using var input = OrtValue.CreateTensorValueFromMemory([1f, 1f], [1, 2]);
        using var outputs = session.Run(options, [Input], [input], [Output]);
        return outputs[0].GetTensorDataAsSpan<float>()[0] == 2f;
    }

    private static byte[] Graph()
    {
        var graph = new OnnxGraph(largeTensors: null);
        var row = graph.Input(Input, TensorProto.Types.DataType.Float, "1", "2");
        graph.Output(graph.Node("MatMul", row, graph.Floats([1f, 1f], 2, 1)), Output, "1", "1");
        return graph.ToModel("trial");
    }
}
