using ActorEmbed.Inference.Graphs.Onnx;
using ActorEmbed.Inference.Weights;
using static ActorEmbed.Bench.StandIn.StandInShape;
using static ActorEmbed.Inference.Graphs.Onnx.OnnxGraph;
using DataType = ActorEmbed.Inference.Graphs.Onnx.TensorProto.Types.DataType;

namespace ActorEmbed.Bench.StandIn;

/// <summary>
/// The graph that a repository ships: what the usual exporter writes for this architecture, in primitive operators
/// and one file, with input_ids, attention_mask and last_hidden_state. ONNX Runtime fuses it as it fuses theirs.
/// </summary>
internal sealed class PlainGraph
{
    private readonly SafetensorsFile _weights;
    private readonly OnnxGraph _graph;

    private PlainGraph(SafetensorsFile weights, OnnxGraph graph)
    {
        _weights = weights;
        _graph = graph;
    }

    public static void Write(SafetensorsFile weights, string path)
    {
        var graph = new OnnxGraph(largeTensors: null);
        new PlainGraph(weights, graph).Build();
        graph.Save(path, "stand-in");
    }

    private void Build()
    {
        var ids = _graph.Input("input_ids", DataType.Int64, "batch", "sequence");
        var attention = _graph.Input("attention_mask", DataType.Int64, "batch", "sequence");
        var mask = Mask(attention);
        var x = Embed(ids);
        for (var layer = 0; layer < Layers; layer++)
        {
            var name = $"encoder.layer.{layer}";
            var attended = Dense($"{name}.attention.output.dense", Attend($"{name}.attention.self", x, mask));
            x = Norm($"{name}.attention.output.LayerNorm", _graph.Node("Add", attended, x));
            var fed = Dense($"{name}.output.dense", Gelu(Dense($"{name}.intermediate.dense", x)));
            x = Norm($"{name}.output.LayerNorm", _graph.Node("Add", fed, x));
        }

        _graph.Output(x, "last_hidden_state", "batch", "sequence", $"{Hidden}");
    }

    private string Embed(string ids)
    {
        const long paddingId = 1;
        var isPadding = _graph.Node("Equal", ids, _graph.Int64s(paddingId));
        var counted = Cast(_graph.Node("Not", isPadding), DataType.Int64);
        var running = _graph.Node("CumSum", counted, _graph.Int64s(1));
        var positions = _graph.Node("Add", _graph.Node("Mul", running, counted), _graph.Int64s(paddingId));
        var words = _graph.Node("Gather", Weight("embeddings.word_embeddings.weight"), ids);
        var types = _graph.Node("Gather", Weight("embeddings.token_type_embeddings.weight"), _graph.Node("Mul", ids, _graph.Int64s(0)));
        var places = _graph.Node("Gather", Weight("embeddings.position_embeddings.weight"), positions);
        return Norm("embeddings.LayerNorm", _graph.Node("Add", _graph.Node("Add", words, types), places));
    }

    private string Mask(string attention)
    {
        var wide = _graph.Node("Unsqueeze", attention, _graph.Int64s(1, 2));
        var hidden = _graph.Node("Sub", Scalar(1f), Cast(wide, DataType.Float));
        return _graph.Node("Mul", hidden, Scalar(float.MinValue));
    }

    private string Attend(string name, string x, string mask)
    {
        var queries = Heads(Dense($"{name}.query", x), 0, 2, 1, 3);
        var keys = Heads(Dense($"{name}.key", x), 0, 2, 3, 1);
        var values = Heads(Dense($"{name}.value", x), 0, 2, 1, 3);
        var scores = _graph.Node("Div", _graph.Node("MatMul", queries, keys), Scalar(MathF.Sqrt(Hidden / StandInShape.Heads)));
        var shares = _graph.Node(StandardDomain, "Softmax", [_graph.Node("Add", scores, mask)], [Attribute("axis", -1L)]);
        var context = Transpose(_graph.Node("MatMul", shares, values), 0, 2, 1, 3);
        return _graph.Node("Reshape", context, _graph.Int64s(0, 0, Hidden));
    }

    private string Heads(string x, params long[] order) => Transpose(
        _graph.Node("Reshape", x, _graph.Int64s(0, 0, StandInShape.Heads, Hidden / StandInShape.Heads)), order);

    private string Transpose(string x, params long[] order) =>
        _graph.Node(StandardDomain, "Transpose", [x], [Attribute("perm", order)]);

    private string Dense(string name, string x)
    {
        var tensor = _weights.Find(name + ".weight")!;
        var (outputs, inputs) = ((int)tensor.Shape[0], (int)tensor.Shape[1]);
        var stored = _weights.ReadFloats(tensor);
        var transposed = new float[stored.Length];
        for (var o = 0; o < outputs; o++)
            for (var i = 0; i < inputs; i++)
                transposed[i * outputs + o] = stored[o * inputs + i];
        return _graph.Node("Add", Weight(name + ".bias"), _graph.Node("MatMul", x, _graph.Floats(transposed, inputs, outputs)));
    }

    private string Norm(string name, string x)
    {
        var centred = _graph.Node("Sub", x, Mean(x));
        var variance = Mean(_graph.Node("Pow", centred, Scalar(2f)));
        var deviation = _graph.Node("Sqrt", _graph.Node("Add", variance, Scalar(NormEpsilon)));
        var scaled = _graph.Node("Mul", _graph.Node("Div", centred, deviation), Weight(name + ".weight"));
        return _graph.Node("Add", scaled, Weight(name + ".bias"));
    }

    private string Gelu(string x)
    {
        var error = _graph.Node("Erf", _graph.Node("Div", x, Scalar(MathF.Sqrt(2f))));
        return _graph.Node("Mul", _graph.Node("Mul", x, _graph.Node("Add", error, Scalar(1f))), Scalar(0.5f));
    }

    private string Mean(string x) => _graph.Node(StandardDomain, "ReduceMean", [x], [Axes(-1)]);

    private string Cast(string x, DataType type) => _graph.Node(StandardDomain, "Cast", [x], [Attribute("to", (long)type)]);

    private string Scalar(float value) => _graph.Floats([value]);

    private string Weight(string name)
    {
        var tensor = _weights.Find(name)!;
        return _graph.Floats(_weights.ReadFloats(tensor), tensor.Shape);
    }
}
