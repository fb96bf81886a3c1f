using System.Numerics.Tensors;
using ActorEmbed.Inference.Compilation;
using ActorEmbed.Inference.Encoders;
using ActorEmbed.Inference.Loading;
using ActorEmbed.Inference.Quality;
using ActorEmbed.Inference.Tests.Tokenization;
using ActorEmbed.Inference.Tests.Tokenization.Oracle;
using ActorEmbed.Inference.Tokenization;
using ActorEmbed.Tests.RealModels;

namespace ActorEmbed.Inference.Tests.RealModels;

/// <summary>Published models with their real weights: what random ones cannot show.</summary>
public sealed class RealModelTests : IDisposable
{
    // What two exact fp32 implementations may differ by.
    private const float Tolerance = 2e-5f;

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("actorembed-test-");

    public static TheoryData<string> Names { get; } = [.. RealModel.All.Select(model => model.Name)];

    private static IReadOnlyList<string> Sentences { get; } = [.. Paraphrases.Read().SelectMany(pair => new[] { pair.First, pair.Second })];

    public void Dispose() => _directory.Delete(recursive: true);

    [RealModelTheory]
    [MemberData(nameof(Names))]
    public void Texts_get_the_ids_that_the_Rust_library_gives_with_the_real_vocabulary(string name)
    {
        if (!OracleTheoryAttribute.IsLinuxX64)
            return;
        var model = RealModel.Find(name);
        var vocabulary = File.ReadAllLines(Path.Combine(model.Directory, "vocab.txt"));
        var path = Path.Combine(_directory.FullName, "tokenizer.json");
        File.WriteAllText(path, BertTokenizerJson.Write(vocabulary));
        var rust = new global::Tokenizers.DotNet.Tokenizer(path);
        var ours = TokenizerLoader.Load(model.Directory, ReferenceTokenizers.NoMaximum);
        var odd = new OddTexts(vocabulary, ["[CLS]", "[SEP]", "[MASK]", "[PAD]", "[UNK]"], seed: 11);

        Assert.All(
            Sentences.Concat(CalibrationTexts.Read()).Concat(Enumerable.Range(0, 400).Select(_ => odd.Next())),
            text => Assert.Equal((text, string.Join(' ', rust.Encode(text))), (text, string.Join(' ', ours.Tokenize(text).Ids))));
    }

    [RealModelTheory]
    [MemberData(nameof(Names))]
    public void A_model_compiled_from_the_graph_gives_the_vectors_of_the_graph(string name)
    {
        var model = RealModel.Find(name);
        using var compiled = Load(model, Precision.Fp32);
        Assert.Equal("compiled from onnx/model.onnx", compiled.Info.Source);
        var tokenizer = TokenizerLoader.Load(model.Directory, compiled.Info.MaxTokens);
        using var graph = new PaddedEncoder(
            Path.Combine(model.Directory, "onnx", "model.onnx"),
            new PaddedEncoderOptions { Pooling = [PoolingOf(model)], Dimensions = null, PaddingId = 0, Threads = 2 });

        string[] texts = [.. Sentences, .. CalibrationTexts.Read(), string.Join(' ', Sentences)];
        var expected = graph.Encode([.. texts.Select(text => tokenizer.Tokenize(text).Ids)]);

        foreach (var (ours, theirs) in compiled.Embed(texts).Zip(expected))
        {
            TensorPrimitives.Divide(theirs, TensorPrimitives.Norm<float>(theirs), theirs);
            Assert.True(ours.Vector.Zip(theirs, (a, b) => MathF.Abs(a - b)).Max() < Tolerance);
        }
    }

    // Measured on a processor with dot products of bytes and, with bounded sums of weights, as one without multiplies them:
    // at least 0.9990 on average for the one and 0.9997 for the other model; what fails here is another kernel or calibration.
    [RealModelTheory]
    [InlineData("all-MiniLM-L6-v2", 0.998, 0.995)]
    [InlineData("snowflake-arctic-embed-xs", 0.9993, 0.998)]
    public void Int8_keeps_close_to_fp32(string name, double mean, double least)
    {
        using var exact = Load(RealModel.Find(name), Precision.Fp32);
        using var quantized = Load(RealModel.Find(name), Precision.Int8);
        Assert.Equal(Precision.Int8, quantized.Info.Precision);

        var comparison = PrecisionComparison.Compare(Vectors(exact), Vectors(quantized));

        Assert.True(comparison.MeanCosine > mean && comparison.MinCosine > least, $"{comparison}");
    }

    [RealModelTheory]
    [InlineData("all-MiniLM-L6-v2", Precision.Fp32)]
    [InlineData("all-MiniLM-L6-v2", Precision.Int8)]
    [InlineData("snowflake-arctic-embed-xs", Precision.Fp32)]
    [InlineData("snowflake-arctic-embed-xs", Precision.Int8)]
    public void A_sentence_and_its_paraphrase_are_nearest_neighbours(string name, Precision precision)
    {
        using var model = Load(RealModel.Find(name), precision);
        var vectors = Vectors(model);

        var found = Enumerable.Range(0, vectors.Length).Count(text => Nearest(vectors, text) == (text ^ 1));

        // Pairs are hard on purpose; by the graph itself 118 and 109 of 120 find theirs.
        Assert.True(found >= 0.88 * vectors.Length, $"{found} of {vectors.Length}");
    }

    private static IEmbeddingModel Load(RealModel model, Precision precision) =>
        ModelLoader.Load(model.Directory, new ModelOptions { Threads = 2, Precision = precision });

    private static float[][] Vectors(IEmbeddingModel model) => [.. model.Embed(Sentences).Select(embedding => embedding.Vector)];

    private static int Nearest(float[][] vectors, int text) => Enumerable.Range(0, vectors.Length).Where(other => other != text)
        .MaxBy(other => TensorPrimitives.Dot<float>(vectors[text], vectors[other]));

    private static PoolingMode PoolingOf(RealModel model) => model.UsesFirstToken ? PoolingMode.Cls : PoolingMode.Mean;
}
