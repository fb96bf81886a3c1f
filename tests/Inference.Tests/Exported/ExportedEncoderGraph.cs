using ActorEmbed.Inference.Graphs;
using ActorEmbed.Inference.Graphs.Families.MpNet;
using ActorEmbed.Inference.Graphs.Onnx;
using ActorEmbed.Inference.Graphs.PostNorm;
using ActorEmbed.Inference.Weights;
using static ActorEmbed.Inference.Graphs.Onnx.OnnxGraph;
using DataType = ActorEmbed.Inference.Graphs.Onnx.TensorProto.Types.DataType;

namespace ActorEmbed.Inference.Tests.Exported;

/// <summary>Writes a post-norm encoder of a safetensors file as an exporter does, in one of several styles.</summary>
/// <param name="weights">Where the tensors are.</param>
/// <param name="names">What the family calls them.</param>
/// <param name="architecture">The encoder's shape.</param>
/// <param name="style">Of the exporter.</param>
/// <param name="graph">The graph to write.</param>
internal sealed class ExportedEncoderGraph(
    IModelWeights weights, IPostNormTensorNames names, EncoderArchitecture architecture, ExportStyle style, OnnxGraph graph)
{
    private readonly string _prefix = names.Prefixes.First(prefix => weights.Find(prefix + names.TokenTable) is not null);
    private readonly Dictionary<string, string> _stored = [];

    /// <summary>Names of the graph's tensors, and what they were.</summary>
    public IReadOnlyDictionary<string, string> Stored => _stored;

    /// <summary>Replaces the exact activation by its approximation, which gives other vectors.</summary>
    public bool Approximates { get; init; }

    private bool HasTypes => names.TokenTypeTable is { } types && weights.Find(_prefix + types) is not null;

    public void Write()
    {
        var ids = graph.Input("input_ids", DataType.Int64, "batch", "sequence");
        var attention = graph.Input("attention_mask", DataType.Int64, "batch", "sequence");
        var types = HasTypes ? graph.Input("token_type_ids", DataType.Int64, "batch", "sequence") : null;
        var mask = style == ExportStyle.Fused ? Cast(attention, DataType.Int32) : Mask(attention);
        var x = Embed(ids, types, mask);
        for (var layer = 0; layer < architecture.Layers; layer++)
        {
            var context = style == ExportStyle.Fused ? FusedAttention(x, layer, mask) : Attend(x, layer, ids, mask);
            x = Residual(names.AttentionOutput(layer), context, x, names.AttentionNorm(layer));
            x = Residual(names.FeedForwardDown(layer), Activated(names.FeedForwardUp(layer), x), x, names.FeedForwardNorm(layer));
        }

        graph.Output(x, "last_hidden_state", "batch", "sequence", $"{architecture.Hidden}");
    }

    private string Embed(string ids, string? types, string mask)
    {
        if (style == ExportStyle.Fused)
        {
            return graph.Node(MicrosoftDomain, "EmbedLayerNormalization",
                [Cast(ids, DataType.Int32), Cast(types!, DataType.Int32), Table(names.TokenTable), Table(names.PositionTable), Table(names.TokenTypeTable!),
                 Table(names.EmbeddingNorm + ".weight"), Table(names.EmbeddingNorm + ".bias"), mask],
                [Attribute("epsilon", architecture.NormEpsilon)]);
        }

        var words = graph.Node("Gather", Table(names.TokenTable), ids);
        if (types is not null)
            words = graph.Node("Add", words, graph.Node("Gather", Table(names.TokenTypeTable!), types));
        return Norm(names.EmbeddingNorm, graph.Node("Add", words, graph.Node("Gather", Table(names.PositionTable), Positions(ids))));
    }

    private string Positions(string ids)
    {
        // Of all tokens, or of all but padding and from behind its id.
        var counted = architecture.PaddingId is { } padding
            ? Cast(graph.Node("Not", graph.Node("Equal", ids, graph.Int64s(padding))), DataType.Int64)
            : Cast(graph.Node("GreaterOrEqual", ids, graph.Int64s(0)), DataType.Int64);
        var running = graph.Node("Mul", graph.Node("CumSum", counted, graph.Int64s(1)), counted);
        return graph.Node("Add", running, graph.Int64s(architecture.PaddingId ?? -1));
    }

    private string Mask(string attention)
    {
        var wide = graph.Node("Unsqueeze", attention, graph.Int64s(1, 2));
        return graph.Node("Mul", graph.Node("Sub", Scalar(1f), Cast(wide, DataType.Float)), Scalar(float.MinValue));
    }

    private string Attend(string x, int layer, string ids, string mask)
    {
        var queries = Heads(Dense(names.Query(layer), x), 0, 2, 1, 3);
        var keys = Heads(Dense(names.Key(layer), x), 0, 2, 3, 1);
        var values = Heads(Dense(names.Value(layer), x), 0, 2, 1, 3);
        string scores;
        if (style == ExportStyle.Named)
        {
            var half = Scalar(MathF.Pow(architecture.HeadSize, -0.25f));
            scores = graph.Node("MatMul", graph.Node("Mul", queries, half), graph.Node("Mul", keys, half));
        }
        else
        {
            scores = graph.Node("Div", graph.Node("MatMul", queries, keys), Scalar(MathF.Sqrt(architecture.HeadSize)));
        }

        if (names.ScoreBiasTable is { } table)
            scores = graph.Node("Add", scores, ScoreBias(table, ids));
        var shares = graph.Node(StandardDomain, "Softmax", [graph.Node("Add", scores, mask)], [Attribute("axis", -1L)]);
        if (style == ExportStyle.Named)
            shares = graph.Node("Where", graph.Node("IsNaN", shares), Scalar(0f), shares);
        var context = Transpose(graph.Node("MatMul", shares, values), 0, 2, 1, 3);
        return graph.Node("Reshape", context, graph.Int64s(0, 0, architecture.Hidden));
    }

    private string ScoreBias(string table, string ids)
    {
        var places = architecture.Positions;
        var buckets = new long[places * places];
        for (var query = 0; query < places; query++)
        {
            for (var key = 0; key < places; key++)
                buckets[(query * places) + key] = RelativeBias.BucketOf(query - key);
        }

        var length = graph.Node("Gather", graph.Node("Shape", ids), graph.Int64s(1));
        var ends = graph.Node(StandardDomain, "Concat", [length, length], [Attribute("axis", 0L)]);
        var all = graph.Node("Reshape", graph.Int64s(buckets), graph.Int64s(places, places));
        var gathered = graph.Node("Gather", Table(table), graph.Node("Slice", all, graph.Int64s(0, 0), ends, graph.Int64s(0, 1)));
        return graph.Node("Unsqueeze", Transpose(gathered, 2, 0, 1), graph.Int64s(0));
    }

    private string FusedAttention(string x, int layer, string mask)
    {
        var (hidden, wide) = (architecture.Hidden, 3 * architecture.Hidden);
        var (joined, biases) = (new float[hidden * wide], new float[wide]);
        string[] parts = [names.Query(layer), names.Key(layer), names.Value(layer)];
        for (var part = 0; part < parts.Length; part++)
        {
            Read(parts[part] + ".bias").CopyTo(biases, part * hidden);
            var stored = Read(parts[part] + ".weight");
            for (var row = 0; row < hidden; row++)
            {
                for (var column = 0; column < hidden; column++)
                    joined[(row * wide) + (part * hidden) + column] = stored[(column * hidden) + row];
            }
        }

        return graph.Node(MicrosoftDomain, "Attention",
            [x, graph.Floats(joined, hidden, wide), graph.Floats(biases, wide), mask], [Attribute("num_heads", (long)architecture.Heads)]);
    }

    private string Residual(string product, string input, string x, string norm) => style == ExportStyle.Fused
        ? graph.Node(MicrosoftDomain, "SkipLayerNormalization",
            [Product(product, input), x, Table(norm + ".weight"), Table(norm + ".bias"), Table(product + ".bias")],
            [Attribute("epsilon", architecture.NormEpsilon)])
        : Norm(norm, graph.Node("Add", Dense(product, input), x));

    private string Activated(string product, string x)
    {
        if (style == ExportStyle.Fused)
            return graph.Node(MicrosoftDomain, "BiasGelu", [Product(product, x), Table(product + ".bias")], []);
        var wide = Dense(product, x);
        if (Approximates)
            return graph.Node(MicrosoftDomain, "QuickGelu", [wide], [Attribute("alpha", 1.702f)]);
        var error = graph.Node("Erf", graph.Node("Div", wide, Scalar(MathF.Sqrt(2f))));
        return graph.Node("Mul", graph.Node("Mul", wide, graph.Node("Add", error, Scalar(1f))), Scalar(0.5f));
    }

    private string Norm(string name, string x)
    {
        if (style == ExportStyle.Named)
        {
            return graph.Node(StandardDomain, "LayerNormalization", [x, Table(name + ".weight"), Table(name + ".bias")],
                [Attribute("epsilon", architecture.NormEpsilon), Attribute("axis", -1L)]);
        }

        var centred = graph.Node("Sub", x, Mean(x));
        var deviation = graph.Node("Sqrt", graph.Node("Add", Mean(graph.Node("Pow", centred, Scalar(2f))), Scalar(architecture.NormEpsilon)));
        return graph.Node("Add", graph.Node("Mul", graph.Node("Div", centred, deviation), Table(name + ".weight")), Table(name + ".bias"));
    }

    private string Dense(string name, string x) => graph.Node("Add", Table(name + ".bias"), Product(name, x));

    /// <summary>Transposed in the file, or on its way.</summary>
    private string Product(string name, string x)
    {
        if (style == ExportStyle.Named)
            return graph.Node("MatMul", x, Transpose(Table(name + ".weight"), 1, 0));
        var shape = weights.Find(_prefix + name + ".weight")!.Shape;
        var (rows, columns) = ((int)shape[1], (int)shape[0]);
        var stored = Read(name + ".weight");
        var transposed = new float[stored.Length];
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
                transposed[(row * columns) + column] = stored[(column * rows) + row];
        }

        return graph.Node("MatMul", x, graph.Floats(transposed, rows, columns));
    }

    private string Heads(string x, params long[] order) =>
        Transpose(graph.Node("Reshape", x, graph.Int64s(0, 0, architecture.Heads, architecture.HeadSize)), order);

    private string Table(string name)
    {
        var tensor = graph.Floats(Read(name), weights.Find(_prefix + name)!.Shape);
        _stored[tensor] = name;
        // Exporters name the second of two equal tensors so.
        return style == ExportStyle.Named ? graph.Node("Identity", tensor) : tensor;
    }

    private float[] Read(string name) => weights.ReadFloats(weights.Find(_prefix + name)!);

    private string Transpose(string x, params long[] order) => graph.Node(StandardDomain, "Transpose", [x], [Attribute("perm", order)]);

    private string Mean(string x) => graph.Node(StandardDomain, "ReduceMean", [x], [Axes(-1)]);

    private string Cast(string x, DataType type) => graph.Node(StandardDomain, "Cast", [x], [Attribute("to", (long)type)]);

    private string Scalar(float value) => graph.Floats([value]);
}
