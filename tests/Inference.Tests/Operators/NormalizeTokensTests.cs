using ActorEmbed.Inference.Graphs.Pieces;
using ActorEmbed.Inference.Operators;
using ActorEmbed.Inference.Operators.Rows;
using static ActorEmbed.Inference.Graphs.Onnx.OnnxGraph;

namespace ActorEmbed.Inference.Tests.Operators;

public sealed class NormalizeTokensTests
{
    [Theory]
    [InlineData(3, 32, true, false, true)]
    [InlineData(2, 7, false, true, false)]
    [InlineData(200, 131, true, true, false)]
    [InlineData(0, 8, true, false, true)]
    [InlineData(1, 1, true, false, true)]
    public void A_product_and_its_residual_are_summed_and_normalised(int tokens, int width, bool isCentred, bool keepsSums, bool hasBiasAndBeta)
    {
        const float epsilon = 1e-5f;
        var random = new Random(2);
        float[] Draw(int count, float size) => [.. Enumerable.Range(0, count).Select(_ => ((float)random.NextDouble() - 0.5f) * size)];
        var (product, scales, residual) = (Draw(tokens * width, 100), Draw(tokens, 0.1f), Draw(tokens * width, 3));
        var (gamma, beta, bias, factors) = (Draw(width, 2), Draw(width, 2), Draw(width, 2), Draw(width, 2));

        var run = new OperatorRun();
        var outputs = run.Graph.Nodes(
            OperatorDomain.Name,
            NormalizeTokens.Name,
            [
                run.Floats(product, tokens, width), run.Floats(scales, tokens, 1), run.Floats(residual, tokens, width), run.Graph.Floats(gamma, width),
                hasBiasAndBeta ? run.Graph.Floats(beta, width) : "", hasBiasAndBeta ? run.Graph.Floats(bias, width) : "", run.Graph.Floats(factors, width),
            ],
            [
                .. TokenQuantizer.AttributesOf(RowQuantizer.Symmetric), Attribute(NormalizeTokens.EpsilonAttribute, epsilon),
                Attribute(NormalizeTokens.IsCentredAttribute, isCentred ? 1L : 0L), Attribute(NormalizeTokens.KeepsSumsAttribute, keepsSums ? 1L : 0L),
            ],
            outputs: 3);
        run.Output(outputs[0]);
        run.OutputBytes(outputs[1]);
        run.Output(outputs[2]);
        var results = run.Run(threads: 2);

        for (var token = 0; token < tokens; token++)
        {
            var start = token * width;
            double[] sums = [.. Enumerable.Range(0, width).Select(i => ((double)product[start + i] * scales[token]) + residual[start + i] + (hasBiasAndBeta ? bias[i] : 0))];
            var mean = isCentred ? sums.Average() : 0;
            var deviation = Math.Sqrt(sums.Average(sum => (sum - mean) * (sum - mean)) + epsilon);
            for (var i = 0; i < width; i++)
            {
                var normalized = ((sums[i] - mean) / deviation * gamma[i]) + (hasBiasAndBeta ? beta[i] : 0);
                Assert.Equal(keepsSums ? sums[i] : normalized, results[0][start + i], 2e-5);
                Assert.Equal(normalized * factors[i], (results[1][start + i] - 128) * results[2][token], (0.501 * results[2][token]) + 2e-5);
            }
        }
    }
}
