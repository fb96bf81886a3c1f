using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using ActorEmbed.Api.CommandLine.Embedding;
using ActorEmbed.Api.Configuration;
using ActorEmbed.Api.Hosting.Models;
using ActorEmbed.Inference;
using ActorEmbed.Inference.Hub;
using ActorEmbed.Inference.Quality;
using Microsoft.Extensions.Logging.Abstractions;

namespace ActorEmbed.Api.CommandLine;

/// <summary><c>actorembed compare</c>: what int8 costs and gains on one's own texts, before one chooses it.</summary>
internal static class CompareCommand
{
    // Every text is compared with every other: four million pairs take a few seconds and 64 MB.
    private const int MaxTexts = 2000;

    // A cosine of all pairs and a nearest neighbour need others to compare with.
    private const int MinTexts = 2;

    // As the server batches them.
    private const int BatchSize = 32;

    private static readonly Argument<FileInfo> Texts = new("file")
    {
        Description = $"Texts, a line each, in UTF-8: a few hundred of the kind to be embedded; the first {MaxTexts} are taken. For a reranker a query, a tab and a text in each line.",
    };

    private static readonly IReadOnlyList<SettingOption> Settings = ServerSettingOptions.OfTheModel;

    public static Command Create(Interruption interruption)
    {
        var command = new Command("compare", "Measure int8 against fp32 on a file of texts: how far the vectors, or a reranker's scores, agree, and the speed of each.") { Texts };
        foreach (var setting in Settings)
            command.Options.Add(setting.Option);
        command.SetAction((arguments, cancellation) => RunAsync(arguments, interruption));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, Interruption interruption)
    {
        var options = SettingsReader.Read([.. Settings.Select(setting => setting.Read(arguments)).OfType<GivenSetting>()]).Options;
        var choice = ModelChoice.For(options, Environment.GetEnvironmentVariable);
        // It prints once, at its end, so that there is nothing to finish.
        interruption.EndProcess();
        var texts = await ReadAsync(arguments.GetRequiredValue(Texts), interruption.Token);

        var exact = Run(choice, options, Precision.Fp32, texts, interruption.Token);
        var fast = Run(choice, options, Precision.Int8, texts, interruption.Token);
        if (fast.Model.Precision != Precision.Int8)
        {
            Console.Out.WriteLine($"{fast.Model.Id} has no int8: what was asked for as int8 runs in {fast.Model.Precision.ToString().ToLowerInvariant()} ({fast.Model.Source}). 'actorembed doctor' names graphs that failed their self-test.");
            return ExitCode.Success;
        }

        Console.Out.WriteLine(exact.Model.Kind == ModelKind.Reranker ? DescribeScores(exact, fast) : DescribeVectors(exact, fast));
        return ExitCode.Success;
    }

    private static string DescribeVectors(PrecisionRun exact, PrecisionRun fast)
    {
        var result = PrecisionComparison.Compare(exact.Vectors, fast.Vectors);
        return string.Create(CultureInfo.InvariantCulture, $"""
            {result.Texts} texts, int8 against fp32
            cosine of a text's two vectors       mean {result.MeanCosine:F5}, least {result.MinCosine:F5}
            the same, common part subtracted     mean {result.MeanCentredCosine:F5}
            similarities of all pairs, Spearman  {result.SimilaritySpearman:F5}
            same nearest neighbour               {result.NearestNeighbourAgreement:P1}
            calibrated                           {fast.Model.CalibratedShare:P0} of the products
            speed                                fp32 {exact.PerSecond:F0} texts/s, int8 {fast.PerSecond:F0} texts/s
            """);
    }

    private static string DescribeScores(PrecisionRun exact, PrecisionRun fast)
    {
        var result = ScoreComparison.Compare([.. exact.Inputs.Select(pair => pair.Query!)], exact.Scores, fast.Scores);
        return string.Create(CultureInfo.InvariantCulture, $"""
            {result.Pairs} pairs, int8 against fp32
            difference of a pair's two scores    mean {result.MeanDifference:F5}, greatest {result.MaxDifference:F5}
            order of all pairs, Spearman         {result.Spearman:F5}
            same best text of a query            {result.BestTextAgreement:P1}
            calibrated                           {fast.Model.CalibratedShare:P0} of the products
            speed                                fp32 {exact.PerSecond:F0} pairs/s, int8 {fast.PerSecond:F0} pairs/s
            """);
    }

    private static async Task<IReadOnlyList<string>> ReadAsync(FileInfo file, CancellationToken cancellation)
    {
        try
        {
            using var source = TextSource.Of(file.OpenRead(), isJson: false);
            var texts = new List<string>();
            for (var more = await source.NextAsync(MaxTexts, cancellation); more.Count > 0 && texts.Count < MaxTexts; more = await source.NextAsync(MaxTexts, cancellation))
                texts.AddRange(more.Take(MaxTexts - texts.Count));
            return texts.Count >= MinTexts
                ? texts
                : throw new CommandFailure(ExitCode.BadOption, $"{file} has {texts.Count} texts; at least {MinTexts} are needed.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new CommandFailure(ExitCode.BadOption, $"{file} cannot be read: {e.Message}", e);
        }
    }

    private static PrecisionRun Run(
        ModelChoice choice, ServerOptions options, Precision precision, IReadOnlyList<string> texts, CancellationToken cancellation)
    {
        using var pull = PullProgressWriter.ForStandardError(choice.Hub?.ShowProgressBar ?? false);
        var modelOptions = options.ToModelOptions();
        // int8 runs on the processor only, and the two are compared where both are.
        modelOptions.Device = DeviceChoice.Cpu;
        modelOptions.Precision = precision;
        using var source = new ModelSource(choice, modelOptions, pull, NullLogger.Instance);
        using var model = source.Load(cancellation);
        EmbeddingInput[] inputs = [.. texts.Select((text, i) => model.Info.Kind == ModelKind.Reranker ? PairOf(text, i) : text)];
        // The first run opens what later ones reuse.
        model.Embed([inputs[0]]);

        var clock = Stopwatch.StartNew();
        var vectors = new List<float[]>();
        foreach (var batch in inputs.Chunk(BatchSize))
        {
            cancellation.ThrowIfCancellationRequested();
            vectors.AddRange(model.Embed(batch).Select(embedding => embedding.Vector));
        }

        return new PrecisionRun(model.Info, inputs, [.. vectors], clock.Elapsed);
    }

    private static EmbeddingInput PairOf(string line, int index) => line.Split('\t', 2) is [var query, var text]
        ? EmbeddingInput.FromPair(query, text)
        : throw new CommandFailure(ExitCode.BadOption, $"Line {index + 1} has no tab: the model is a reranker, which wants a query, a tab and a text in each line.");

    /// <summary>What a model gave in one precision.</summary>
    private sealed record PrecisionRun(ModelInfo Model, EmbeddingInput[] Inputs, float[][] Vectors, TimeSpan Time)
    {
        public double PerSecond => Inputs.Length / Time.TotalSeconds;

        public float[] Scores => Array.ConvertAll(Vectors, vector => Model.ScoreActivation.Apply(vector[0]));
    }
}
