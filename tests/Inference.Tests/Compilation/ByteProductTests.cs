using ActorEmbed.Inference.Devices;
using ActorEmbed.Inference.Graphs;
using ActorEmbed.Inference.Graphs.Onnx;
using ActorEmbed.Inference.Graphs.Pieces;
using Microsoft.ML.OnnxRuntime;
using DataType = ActorEmbed.Inference.Graphs.Onnx.TensorProto.Types.DataType;

namespace ActorEmbed.Inference.Tests.Compilation;

/// <summary>ONNX Runtime's kernel for products of bytes, which adds two products in 16 bits on processors without dot products of bytes.</summary>
public sealed class ByteProductTests
{
    private const byte ZeroPoint = 128;

    [Theory]
    [InlineData(1, 384)]
    [InlineData(5, 384)]
    [InlineData(32, 66)]
    [InlineData(3, 7)]
    public void The_largest_weights_that_are_written_for_this_processor_are_added_exactly(int tokens, int rows)
    {
        const int columns = 24;
        var random = new Random(rows);
        var inputs = Enumerable.Range(0, tokens * rows).Select(_ => random.Next(2) == 0 ? byte.MaxValue : byte.MinValue).ToArray();
        var weights = new sbyte[rows * columns];
        for (var i = 0; i < weights.Length; i++)
            weights[i] = (sbyte)(random.Next(2) == 0 ? Largest(i / columns) : -Largest(i / columns));

        var products = Multiply(inputs, weights, tokens, rows, columns);

        Assert.Equal(
            from token in Enumerable.Range(0, tokens)
            from column in Enumerable.Range(0, columns)
            select (float)Enumerable.Range(0, rows).Sum(row => (inputs[(token * rows) + row] - ZeroPoint) * weights[(row * columns) + column]),
            products);
    }

    /// <summary>Of each pair of rows the first takes all that a byte can, and the second what is left.</summary>
    private static int Largest(int row) =>
        row % 2 == 0 ? Math.Min(sbyte.MaxValue, CpuFeatures.WeightPairLimit) : Math.Min(sbyte.MaxValue, CpuFeatures.WeightPairLimit - sbyte.MaxValue);

    private static float[] Multiply(byte[] inputs, sbyte[] weights, int tokens, int rows, int columns)
    {
        var graph = new OnnxGraph(largeTensors: null);
        var bytes = graph.Input("inputs", DataType.Uint8, "T", $"{rows}");
        var ones = Enumerable.Repeat(1f, columns).ToArray();
        var scales = graph.Floats([.. Enumerable.Repeat(1f, 1)], 1, 1);
        graph.Output(QuantizedMultiply.PerToken(graph, new QuantizedTokens(bytes, scales, ZeroPoint), new QuantizedWeights(weights, ones)), "products", "T", $"{columns}");

        using var session = OnnxSessions.OpenOnDevice(graph.ToModel("product"), _ => { });
        using var options = new RunOptions();
        using var input = OrtValue.CreateTensorValueFromMemory(inputs, [tokens, rows]);
        using var outputs = session.Run(options, ["inputs"], [input], ["products"]);
        return outputs[0].GetTensorDataAsSpan<float>().ToArray();
    }
}
