using System.Numerics;
using ActorEmbed.Inference.Graphs.Pieces;
using ActorEmbed.Inference.Operators;
using ActorEmbed.Inference.Operators.Rows;
using static ActorEmbed.Inference.Graphs.Onnx.OnnxGraph;

namespace ActorEmbed.Inference.Tests.Operators;

public sealed class ActivateTokensTests
{
    [Theory]
    [InlineData("Gelu", 0, -1, 3, 32, false)]
    [InlineData("Gelu", 0, -1, 2, 7, true)]
    [InlineData("Silu", 0, 1, 4, 20, true)]
    [InlineData("GeluTanh", 1, 0, 300, 65, false)]
    [InlineData("Gelu", 1, 0, 0, 8, true)]
    public void A_product_becomes_bytes_of_what_the_activation_gives(string name, int gate, int passing, int tokens, int width, bool hasBias)
    {
        var activation = Enum.Parse<Activation>(name);
        var columns = passing < 0 ? width : 2 * width;
        var random = new Random(1);
        float[] Draw(int count, float size) => [.. Enumerable.Range(0, count).Select(_ => ((float)random.NextDouble() - 0.5f) * size)];
        var (product, scales, bias, factors) = (Draw(tokens * columns, 200), Draw(tokens, 0.2f), Draw(columns, 2), Draw(width, 4));

        var run = new OperatorRun();
        var outputs = run.Graph.Nodes(
            OperatorDomain.Name,
            ActivateTokens.Name,
            [
                run.Floats(product, tokens, columns), run.Floats(scales, tokens, 1), hasBias ? run.Graph.Floats(bias, columns) : "",
                run.Graph.Floats(factors, width),
            ],
            [
                .. TokenQuantizer.AttributesOf(RowQuantizer.Symmetric), Attribute(ActivateTokens.ActivationAttribute, (long)activation),
                Attribute(ActivateTokens.GateAttribute, (long)gate), Attribute(ActivateTokens.PassingAttribute, (long)passing),
            ],
            outputs: 2);
        run.OutputBytes(outputs[0]);
        run.Output(outputs[1]);
        var (bytes, steps) = run.Run(threads: 2) is [var first, var second] ? (first, second) : default;

        for (var token = 0; token < tokens; token++)
        {
            double Value(int part, int i) =>
                ((double)product[(token * columns) + (part * width) + i] * scales[token]) + (hasBias ? bias[(part * width) + i] : 0);
            for (var i = 0; i < width; i++)
            {
                var expected = Activated(activation, Value(gate, i)) * (passing < 0 ? 1 : Value(passing, i)) * factors[i];
                Assert.Equal(expected, (bytes[(token * width) + i] - 128) * steps[token], (0.501 * steps[token]) + 2e-5);
            }
        }
    }

    [Theory]
    [InlineData("Gelu")]
    [InlineData("GeluTanh")]
    [InlineData("Silu")]
    public void An_activation_is_exact_where_it_is_near_zero_and_far_from_it_and_leaves_what_is_no_number(string name)
    {
        float[] inputs = [0, -0f, 1e-20f, 0.5f, -0.5f, 4.9f, 5.1f, -4.9f, -5.1f, 80, -80, 3e38f, float.NaN];
        var activation = Enum.Parse<Activation>(name);
        foreach (var input in inputs)
        {
            var result = Lanes(activation, input);
            var expected = Activated(activation, input);
            Assert.Equal(expected, result, double.IsNaN(expected) ? 0 : Math.Max(2e-6, Math.Abs(expected) * 3e-5));
        }
    }

    private static float Lanes(Activation activation, float input) => activation switch
    {
        Activation.Silu => SiluLanes.Of(new Vector<float>(input))[0],
        Activation.GeluTanh => GeluTanhLanes.Of(new Vector<float>(input))[0],
        _ => GeluLanes.Of(new Vector<float>(input))[0],
    };

    private static double Activated(Activation activation, double x) => activation switch
    {
        Activation.Silu => x / (1 + Math.Exp(-x)),
        Activation.GeluTanh => 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x)))),
        _ => x * Phi(x),
    };

    /// <summary>The normal distribution: its series near zero, its continued fraction far from it.</summary>
    private static double Phi(double x)
    {
        if (double.IsNaN(x))
            return x;
        if (Math.Abs(x) > 8)
            return x > 0 ? 1 : 0;
        double term = x, sum = x;
        for (var n = 1; n < 200; n++)
        {
            term *= x * x / ((2 * n) + 1);
            sum += term;
        }

        return 0.5 + (sum * Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI));
    }
}
