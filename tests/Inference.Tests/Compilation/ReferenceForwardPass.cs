using ActorEmbed.Inference.Graphs;

namespace ActorEmbed.Inference.Tests.Compilation;

/// <summary>
/// A BERT encoder written down as its paper has it, one text at a time, in double precision: slow, and sharing nothing
/// with the code it checks but the names of the tensors.
/// </summary>
internal sealed class ReferenceForwardPass(EncoderArchitecture architecture, Dictionary<string, float[]> tensors)
{
    public double[] Encode(int[] ids, PoolingMode pooling = PoolingMode.Mean)
    {
        var x = ids.Select((id, i) => Norm("embeddings.LayerNorm", Sum(
            Row("embeddings.word_embeddings.weight", id),
            Row("embeddings.position_embeddings.weight", i + (architecture.PaddingId is { } padding ? padding + 1 : 0)),
            Row("embeddings.token_type_embeddings.weight", 0)))).ToArray();
        for (var layer = 0; layer < architecture.Layers; layer++)
        {
            var name = $"encoder.layer.{layer}";
            var context = Attend(name + ".attention.self", x);
            x = [.. x.Zip(context, (token, c) => Norm(
                name + ".attention.output.LayerNorm", Sum(token, Dense(name + ".attention.output.dense", c))))];
            x = [.. x.Select(token => Norm(
                name + ".output.LayerNorm",
                Sum(token, Dense(name + ".output.dense", [.. Dense(name + ".intermediate.dense", token).Select(Gelu)]))))];
        }

        return pooling switch
        {
            PoolingMode.Cls => x[0],
            PoolingMode.LastToken => x[^1],
            PoolingMode.WeightedMean => [.. Enumerable.Range(0, architecture.Hidden).Select(i =>
                x.Select((token, t) => (t + 1) * token[i]).Sum() / Enumerable.Range(1, x.Length).Sum())],
            PoolingMode.MeanSqrtLen => [.. Enumerable.Range(0, architecture.Hidden).Select(i => x.Sum(token => token[i]) / Math.Sqrt(x.Length))],
            PoolingMode.Max => [.. Enumerable.Range(0, architecture.Hidden).Select(i => x.Max(token => token[i]))],
            _ => [.. Enumerable.Range(0, architecture.Hidden).Select(i => x.Average(token => token[i]))],
        };
    }

    private double[][] Attend(string name, double[][] x)
    {
        var queries = x.Select(token => Dense(name + ".query", token)).ToArray();
        var keys = x.Select(token => Dense(name + ".key", token)).ToArray();
        var values = x.Select(token => Dense(name + ".value", token)).ToArray();
        var size = architecture.Hidden / architecture.Heads;
        var context = x.Select(_ => new double[architecture.Hidden]).ToArray();
        for (var start = 0; start < architecture.Hidden; start += size)
        {
            for (var i = 0; i < x.Length; i++)
            {
                var weights = keys.Select(key => Math.Exp(
                    Enumerable.Range(start, size).Sum(c => queries[i][c] * key[c]) / Math.Sqrt(size))).ToArray();
                for (var c = start; c < start + size; c++)
                    context[i][c] = values.Select((value, j) => weights[j] * value[c]).Sum() / weights.Sum();
            }
        }

        return context;
    }

    private double[] Dense(string name, double[] input)
    {
        var (weights, bias) = (tensors[name + ".weight"], tensors[name + ".bias"]);
        return [.. bias.Select((b, output) => b + input.Select((value, i) => value * weights[output * input.Length + i]).Sum())];
    }

    private double[] Norm(string name, double[] x)
    {
        var mean = x.Average();
        var deviation = Math.Sqrt(x.Average(value => (value - mean) * (value - mean)) + architecture.NormEpsilon);
        return [.. x.Select((value, i) => (value - mean) / deviation * tensors[name + ".weight"][i] + tensors[name + ".bias"][i])];
    }

    private double[] Row(string table, int row) =>
        [.. tensors[table].Skip(row * architecture.Hidden).Take(architecture.Hidden).Select(value => (double)value)];

    private static double[] Sum(params double[][] summands) =>
        [.. summands[0].Select((_, i) => summands.Sum(summand => summand[i]))];

    private static double Gelu(double x) => 0.5 * x * (1 + Erf(x / Math.Sqrt(2)));

    /// <summary>The Maclaurin series; enough terms for the arguments that normalised tokens give.</summary>
    private static double Erf(double x)
    {
        if (Math.Abs(x) > 5)
            return Math.Sign(x);
        double term = x, sum = x;
        for (var n = 1; n < 200; n++)
        {
            term *= -x * x / n;
            sum += term / (2 * n + 1);
        }

        return 2 / Math.Sqrt(Math.PI) * sum;
    }
}
