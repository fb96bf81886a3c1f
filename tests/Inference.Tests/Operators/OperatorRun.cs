using ActorEmbed.Inference.Devices;
using ActorEmbed.Inference.Graphs.Onnx;
using Microsoft.ML.OnnxRuntime;
using DataType = ActorEmbed.Inference.Graphs.Onnx.TensorProto.Types.DataType;

namespace ActorEmbed.Inference.Tests.Operators;

/// <summary>Runs a graph of a few nodes as the encoder runs its own.</summary>
internal sealed class OperatorRun
{
    private readonly OnnxGraph _graph = new(largeTensors: null) { HasOwnOperators = true };
    private readonly Dictionary<string, OrtValue> _inputs = [];
    private readonly List<string> _outputs = [];

    public OnnxGraph Graph => _graph;

    /// <summary>An input of two dimensions.</summary>
    public string Floats(float[] values, int rows, int width)
    {
        var name = $"input_{_inputs.Count}";
        _inputs[name] = OrtValue.CreateTensorValueFromMemory(values, [rows, width]);
        return _graph.Input(name, DataType.Float, "rows", $"{width}");
    }

    /// <summary>An input of one dimension.</summary>
    public string Integers(int[] values)
    {
        var name = $"input_{_inputs.Count}";
        _inputs[name] = OrtValue.CreateTensorValueFromMemory(values, [values.Length]);
        return _graph.Input(name, DataType.Int32, "count");
    }

    public void Output(string floats)
    {
        _outputs.Add($"output_{_outputs.Count}");
        _graph.Output(floats, _outputs[^1], "rows", "width");
    }

    public void OutputBytes(string bytes) =>
        Output(_graph.Node(OnnxGraph.StandardDomain, "Cast", [bytes], [OnnxGraph.Attribute("to", (long)DataType.Float)]));

    public float[][] Run(int threads)
    {
        using var packed = new PrePackedWeightsContainer();
        using var session = OnnxSessions.Open(_graph.ToModel("test"), Path.GetTempPath(), threads, _ => { }, packed);
        using var options = new RunOptions();
        using var results = session.Run(options, _inputs, _outputs);
        return [.. results.Select(result => result.GetTensorDataAsSpan<float>().ToArray())];
    }
}
