using ActorEmbed.Inference.Graphs.Onnx;
using ActorEmbed.Inference.Operators;
using static ActorEmbed.Inference.Graphs.Onnx.OnnxGraph;

namespace ActorEmbed.Inference.Graphs.Pieces;

/// <summary>Writes activations: as one operator, or as those that every device knows.</summary>
internal static class Activations
{
    // Of the approximation of GELU, as Hendrycks and Gimpel give it.
    private const float CubicPart = 0.044715f;

    public static string Write(OnnxGraph graph, string values, Activation activation) => graph.IsFixed
        ? WritePlain(graph, values, activation)
        : activation switch
        {
            Activation.Silu => graph.Node(MicrosoftDomain, "QuickGelu", [values], [Attribute("alpha", 1f)]),
            Activation.GeluTanh => graph.Node(MicrosoftDomain, "FastGelu", [values], []),
            _ => graph.Node(MicrosoftDomain, "Gelu", [values], []),
        };

    private static string WritePlain(OnnxGraph graph, string values, Activation activation)
    {
        if (activation == Activation.Silu)
            return graph.Node("Mul", values, graph.Node("Sigmoid", values));
        var share = activation == Activation.GeluTanh
            ? graph.Node("Tanh", TanhArgument(graph, values))
            : graph.Node("Erf", graph.Node("Mul", values, Number(graph, 1 / MathF.Sqrt(2))));
        var half = graph.Node("Mul", values, Number(graph, 0.5f));
        return graph.Node("Mul", half, graph.Node("Add", share, Number(graph, 1f)));
    }

    private static string TanhArgument(OnnxGraph graph, string values)
    {
        var factor = MathF.Sqrt(2 / MathF.PI);
        var squares = graph.Node("Mul", values, values);
        var slope = graph.Node("Add", graph.Node("Mul", squares, Number(graph, factor * CubicPart)), Number(graph, factor));
        return graph.Node("Mul", values, slope);
    }

    private static string Number(OnnxGraph graph, float number) => graph.Floats([number], 1);
}
