using ActorEmbed.Inference.Graphs.Onnx;
using ActorEmbed.Inference.Graphs.Pieces;

namespace ActorEmbed.Inference.Encoders;

/// <summary>
/// A compiled graph that ends where its pooling begins. It is made of the file when it is wanted: with a second output in every
/// file, all models would have to be compiled again for what few ask for.
/// </summary>
internal static class TokenGraph
{
    /// <summary>Makes the vectors of the tokens, [T, hidden], the only output.</summary>
    /// <returns>Its name.</returns>
    /// <exception cref="InvalidDataException">The graph does not end as a compiled one does.</exception>
    public static string EndBeforePooling(GraphProto graph)
    {
        var tokens = PoolingHead.TokensOf(graph) ?? throw new InvalidDataException("The compiled graph has another end than its pooling.");
        graph.Output.Clear();
        graph.Output.Add(new ValueInfoProto
        {
            Name = tokens,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)TensorProto.Types.DataType.Float } },
        });
        return tokens;
    }
}
