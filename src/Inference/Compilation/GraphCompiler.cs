using System.Globalization;
using System.Numerics.Tensors;
using ActorEmbed.Inference.Compilation.Cache;
using ActorEmbed.Inference.Encoders;
using ActorEmbed.Inference.Graphs;
using ActorEmbed.Inference.Graphs.Fusion;
using ActorEmbed.Inference.Graphs.Onnx;
using ActorEmbed.Inference.Quality;
using ActorEmbed.Inference.Tokenization;
using ActorEmbed.Inference.Weights;
using Microsoft.Extensions.Logging;

namespace ActorEmbed.Inference.Compilation;

/// <summary>Writes one graph of a model to a directory and tests what it wrote.</summary>
internal sealed class GraphCompiler(
    CompiledModelSource source, EncoderArchitecture architecture, IModelWeights files, SourceVersion version, IEncoderWriter writer, int threads, ILogger logger)
    : IGraphCompiler<PackedEncoder>
{
    // What bytes cost a working model was measured at 0.001 on real weights, and at 0.005 on random ones (decision 024): below
    // this, nobody who looks for neighbours would want them.
    private const double LeastMeanCosine = 0.95;

    // Two exact computations of single precision were measured to differ by 1.1e-6 (all-MiniLM-L6-v2).
    private const float MostDifference = 1e-4f;

    // Beside the compiled files while they are built; removed with them when the process dies.
    private const string CalibrationDirectory = "calibration";

    // The same for the graph that a device's is compared with.
    private const string ExactDirectory = "exact";

    public string? Write(CompiledGraphKind kind, string directory)
    {
        // Compiling takes long: a model whose tokenizer does not load should say so first.
        var texts = CalibrationTokens();
        // It does not pass through the graph, so nothing else would look at it.
        files.CheckFinite(writer.TokenTable);
        var calibration = kind == CompiledGraphKind.Int8 ? Calibrate(directory, texts) : null;
        if (calibration is null)
            Build(directory, graph => writer.WriteExact(graph, source.Pooling));
        else
            Build(directory, graph => writer.WriteQuantized(graph, source.Pooling, calibration.Inputs, source.WeightSumLimit), hasOwnOperators: true);

        using var encoder = Open(directory);
        encoder.WaitForAllThreads();
        encoder.CheckFiles();
        return InvarianceCheck.FindFailure(encoder, architecture, threads)
            ?? (calibration is null ? null : FindInaccuracy(encoder, calibration, texts))
            ?? (source.OriginalGraph is null ? null : FindDifference(source.OriginalGraph, texts, calibration?.Vectors ?? Encode(encoder, texts)));
    }

    public PackedEncoder Open(string directory)
    {
        var sessions = new PackedSessions(Path.Combine(directory, CompiledModelFiles.Graph), threads, logger);
        try
        {
            return new PackedEncoder(sessions, OpenTokenTable(), architecture, source.Pooling.Count * architecture.Hidden, threads);
        }
        catch
        {
            sessions.Dispose();
            throw;
        }
    }

    /// <summary>What the processor gives of the calibration texts in single precision.</summary>
    /// <param name="directory">A place for the graph, which is removed again.</param>
    /// <param name="clock">Measures how long it takes.</param>
    /// <inheritdoc cref="IGraphCompiler{T}.Write" path="/exception" />
    public ExactVectors ComputeExact(string directory, TimeProvider clock)
    {
        var texts = ComparedTexts.Of(CalibrationTokens(), Math.Min(architecture.MaxTokens, architecture.LongTexts.LongerThan));
        files.CheckFinite(writer.TokenTable);
        var place = Path.Combine(directory, ExactDirectory);
        Directory.CreateDirectory(place);
        Build(place, graph => writer.WriteExact(graph, source.Pooling));
        float[][] vectors;
        TimeSpan duration;
        using (var encoder = Open(place))
        {
            encoder.WaitForAllThreads();
            vectors = Encode(encoder, texts);
            duration = DeviceSelfTest.Measure(clock, () => Encode(encoder, texts));
        }

        Directory.Delete(place, recursive: true);
        return new ExactVectors(texts, vectors, duration);
    }

    /// <summary>Opens the token table, which no graph for the processor holds.</summary>
    public PackedTokenTable OpenTokenTable() => new(writer.TokenTable, version.Stamp, version.Checksum);

    /// <summary>Writes a graph and its weights to a directory.</summary>
    /// <param name="directory">Where to.</param>
    /// <param name="write">Writes the graph.</param>
    /// <param name="device">What a device that is not the processor asks of it; null for the processor.</param>
    /// <param name="isKept">Whether they have to outlast a loss of power.</param>
    /// <param name="hasOwnOperators">See <see cref="OnnxGraph.HasOwnOperators"/>.</param>
    public static void Build(string directory, Action<OnnxGraph> write, DeviceForm? device = null, bool isKept = true, bool hasOwnOperators = false)
    {
        using var largeTensors = new ExternalTensorFile(Path.Combine(directory, CompiledModelFiles.Weights), isKept);
        var graph = new OnnxGraph(largeTensors, device) { HasOwnOperators = hasOwnOperators };
        write(graph);
        if (hasOwnOperators)
            graph.Rewrite(OperatorFusion.Apply);
        graph.Save(Path.Combine(directory, CompiledModelFiles.Graph), $"{PackedGraph.Version}");
    }

    private Calibration Calibrate(string directory, TokenizedText[] texts)
    {
        var exact = Path.Combine(directory, CalibrationDirectory);
        Directory.CreateDirectory(exact);
        Build(exact, graph => writer.WriteObserved(graph, source.Pooling), isKept: false);
        using var tokenTable = OpenTokenTable();
        var calibration = Calibration.Measure(
            Path.Combine(exact, CompiledModelFiles.Graph), architecture, tokenTable, texts, threads);
        Directory.Delete(exact, recursive: true);
        return calibration;
    }

    private string? FindInaccuracy(PackedEncoder encoder, Calibration calibration, TokenizedText[] texts)
    {
        // One text in four says as much of the mean, in a quarter of the time.
        float[][] exact = [.. calibration.Vectors.Where((_, i) => i % 4 == 0)];
        var comparison = PrecisionComparison.Compare(exact, Encode(encoder, [.. texts.Where((_, i) => i % 4 == 0)]));
        logger.LogInformation(
            "int8 against fp32 on {Texts} calibration texts: cosine {Mean:F4} on average, {Min:F4} at least",
            exact.Length, comparison.MeanCosine, comparison.MinCosine);
        return comparison.MeanCosine >= LeastMeanCosine
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"its vectors have a mean cosine of {comparison.MeanCosine:F3} with those of fp32");
    }

    /// <summary>Whether weights that were found in a graph give that graph's vectors.</summary>
    /// <param name="openOriginal">Opens that graph.</param>
    /// <param name="texts">Texts to compare.</param>
    /// <param name="vectors">Of the texts, in single precision.</param>
    private string? FindDifference(Func<ITextEncoder> openOriginal, TokenizedText[] texts, float[][] vectors)
    {
        using var original = openOriginal();
        if (original.Dimensions != vectors[0].Length)
            return $"its vectors have {vectors[0].Length} dimensions, and those of the graph {original.Dimensions}";
        var difference = Encode(original, texts)
            .Zip(vectors, (theirs, ours) => TensorPrimitives.Distance<float>(theirs, ours) / TensorPrimitives.Norm<float>(theirs)).Max();
        logger.LogInformation("compiled against the graph that the weights come from: vectors differ by {Difference:E1} of their length at most", difference);
        return difference <= MostDifference
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"its vectors differ by {difference:E1} of their length from those of the graph that the weights come from");
    }

    /// <summary>Of each text its vector.</summary>
    public static float[][] Encode(ITextEncoder encoder, TokenizedText[] texts) =>
        encoder.Encode([.. texts.Select(text => text.Ids)], types: [.. texts.Select(text => text.Types)]);

    /// <summary>Each text, or for a reranker each with the one before it as its query.</summary>
    private TokenizedText[] CalibrationTokens()
    {
        var texts = CalibrationTexts.Read();
        if (source.Pairs is { } pairs)
            return [.. texts.Zip(texts.Skip(1), pairs().Tokenize)];
        var tokenizer = source.Tokenizer();
        return [.. texts.Select(tokenizer.Tokenize)];
    }
}
