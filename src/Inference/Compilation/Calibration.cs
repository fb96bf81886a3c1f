using ActorEmbed.Inference.Encoders;
using ActorEmbed.Inference.Graphs;
using Microsoft.ML.OnnxRuntime;

namespace ActorEmbed.Inference.Compilation;

/// <summary>What the exact graph did on the calibration texts.</summary>
/// <param name="Ranges">Of each layer.</param>
/// <param name="Vectors">Of each text.</param>
internal sealed record Calibration(ActivationRanges[] Ranges, float[][] Vectors)
{
    private static readonly string[] Observed =
    [
        ObservedProducts.AttentionInputMin, ObservedProducts.AttentionInputMax, ObservedProducts.ContextMax,
        ObservedProducts.FeedForwardInputMin, ObservedProducts.FeedForwardInputMax,
    ];

    /// <summary>Runs a graph that was written with <see cref="ObservedProducts"/>.</summary>
    public static Calibration Measure(
        string graphPath, EncoderArchitecture architecture, PackedTokenTable tokenTable, int[][] texts, int threads)
    {
        using var sessions = new PackedSessions(graphPath, threads);
        using var options = new RunOptions();
        var session = sessions.WaitForAllThreads();
        var inputs = new PackedInputs(architecture, tokenTable);
        string[] inputNames = [.. session.InputMetadata.Keys];
        string[] outputNames =
        [
            PackedGraph.Vectors,
            .. Enumerable.Range(0, architecture.Layers).SelectMany(layer => Observed.Select(what => ObservedProducts.OutputName(what, layer))),
        ];

        var ranges = new ActivationRanges?[architecture.Layers];
        var vectors = new float[texts.Length][];
        foreach (var run in PackedBatches.Cut([.. texts.Select(ids => ids.Length)], cores: 1))
        {
            inputs.Fill([.. run.Select(i => texts[i])]);
            var tensors = Array.ConvertAll(inputNames, inputs.Tensor);
            using var outputs = session.Run(options, inputNames, tensors, outputNames);
            for (var i = 0; i < run.Length; i++)
                vectors[run[i]] = outputs[0].GetTensorDataAsSpan<float>().Slice(i * architecture.Hidden, architecture.Hidden).ToArray();
            for (var layer = 0; layer < ranges.Length; layer++)
            {
                var seen = ReadRanges(outputs, 1 + layer * Observed.Length);
                ranges[layer] = ranges[layer]?.Join(seen) ?? seen;
            }

            foreach (var tensor in tensors)
                tensor.Dispose();
        }

        return new Calibration(ranges!, vectors);
    }

    private static ActivationRanges ReadRanges(IReadOnlyList<OrtValue> outputs, int first)
    {
        float[] Values(int i) => outputs[first + i].GetTensorDataAsSpan<float>().ToArray();
        return new ActivationRanges(Values(0), Values(1), Values(2), Values(3), Values(4));
    }
}
