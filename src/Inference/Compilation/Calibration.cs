using ActorEmbed.Inference.Encoders;
using ActorEmbed.Inference.Graphs;
using ActorEmbed.Inference.Tokenization;
using Microsoft.ML.OnnxRuntime;

namespace ActorEmbed.Inference.Compilation;

/// <summary>What the exact graph did on the calibration texts.</summary>
/// <param name="Inputs">What went into its dense products.</param>
/// <param name="Vectors">Of each text.</param>
internal sealed record Calibration(ActivationStatistics Inputs, float[][] Vectors)
{
    /// <summary>Runs an observed graph (<see cref="IEncoderWriter.WriteObserved"/>).</summary>
    public static Calibration Measure(
        string graphPath, EncoderArchitecture architecture, PackedTokenTable tokenTable, TokenizedText[] texts, int threads)
    {
        using var sessions = new PackedSessions(graphPath, threads, keepsWeights: false);
        using var options = new RunOptions();
        var session = sessions.WaitForAllThreads();
        var inputs = new PackedInputs(architecture, tokenTable);
        string[] inputNames = [.. session.InputMetadata.Keys];
        string[] outputNames = [PackedGraph.Vectors, .. session.OutputMetadata.Keys.Where(name => name != PackedGraph.Vectors)];

        var statistics = new ActivationStatistics();
        var vectors = new float[texts.Length][];
        foreach (var run in PackedBatches.Cut([.. texts.Select(text => text.Ids.Length)], cores: 1, architecture.LongTexts.LongerThan))
        {
            inputs.Fill([.. run.Select(i => texts[i].Ids)], types: [.. run.Select(i => texts[i].Types)]);
            statistics.Count(run.Sum(i => texts[i].Ids.Length));
            var tensors = Array.ConvertAll(inputNames, inputs.Tensor);
            using var outputs = session.Run(options, inputNames, tensors, outputNames);
            var pooled = outputs[0].GetTensorDataAsSpan<float>();
            var dimensions = pooled.Length / run.Length;
            for (var i = 0; i < run.Length; i++)
                vectors[run[i]] = pooled.Slice(i * dimensions, dimensions).ToArray();
            for (var i = 1; i < outputNames.Length; i++)
                statistics.Join(outputNames[i], outputs[i].GetTensorDataAsSpan<float>());

            foreach (var tensor in tensors)
                tensor.Dispose();
        }

        return new Calibration(statistics, vectors);
    }
}
