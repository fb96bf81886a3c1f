using ActorEmbed.Inference.Compilation;
using ActorEmbed.Inference.Encoders;
using ActorEmbed.Inference.Quality;
using ActorEmbed.Inference.Tests.Compilation;
using Microsoft.Extensions.Logging.Abstractions;

namespace ActorEmbed.Inference.Tests.Graphs;

public sealed class FamilyTests
{
    // What two exact fp32 implementations may differ by.
    private const double Tolerance = 2e-5;

    public static IReadOnlyList<string> Names { get; } =
    [
        "mpnet-tiny", "distilbert-dense-tiny", "roberta-prefix-tiny", "nomic-tiny", "gte-new-tiny", "modernbert-tiny", "qwen3-tiny", "gemma3-tiny",
    ];

    public static TheoryData<string> Repositories { get; } = [.. Names];

    [Theory]
    [MemberData(nameof(Repositories))]
    public void Fp32_gives_the_vectors_of_the_reference(string name)
    {
        var repository = new ReferenceRepository(name);
        var rows = repository.Rows;
        using var copy = new TemporaryCopy(repository.Directory);
        using var encoder = Open(copy, repository, Precision.Fp32);

        var vectors = encoder.Encode([.. rows.Select(row => row.Ids)]);

        Assert.All(rows.Zip(vectors), pair => Assert.True(
            repository.Finish(pair.Second).Zip(pair.First.Vector, (a, b) => Math.Abs(a - b)).Max() < Tolerance, $"{pair.First.Ids.Length} tokens"));
    }

    [Theory]
    [MemberData(nameof(Repositories))]
    public void Int8_keeps_close_to_fp32(string name)
    {
        var repository = new ReferenceRepository(name);
        int[][] texts = [.. repository.Rows.Select(row => row.Ids)];
        using var copy = new TemporaryCopy(repository.Directory);
        using var exact = Open(copy, repository, Precision.Fp32);
        using var quantized = Open(copy, repository, Precision.Int8);

        var comparison = PrecisionComparison.Compare(exact.Encode(texts), quantized.Encode(texts));

        Assert.True(comparison.MeanCosine > 0.995, $"{comparison}");
    }

    [Theory]
    [MemberData(nameof(Repositories))]
    public void A_text_has_the_same_vector_to_the_bit_alone_and_among_others(string name)
    {
        var repository = new ReferenceRepository(name);
        int[][] texts = [.. repository.Rows.Select(row => row.Ids)];
        using var copy = new TemporaryCopy(repository.Directory);
        foreach (var precision in new[] { Precision.Fp32, Precision.Int8 })
        {
            using var encoder = Open(copy, repository, precision);

            var together = encoder.Encode(texts);

            Assert.All(texts.Zip(together), pair => Assert.Equal(encoder.Encode([pair.First])[0], pair.Second));
        }
    }

    private static PackedEncoder Open(TemporaryCopy copy, ReferenceRepository repository, Precision precision)
    {
        var vocabulary = repository.Rows.Max(row => row.Ids.Max()) + 1;
        var source = new CompiledModelSource(copy.Path, [repository.Pooling], () => new HashedIds(vocabulary));
        var opened = CompiledEncoder.TryOpen(source, precision, new EncoderOptions(2), NullLogger.Instance, out var whyNot);
        Assert.True(opened is not null, whyNot);
        Assert.Equal(precision, opened.Precision);
        return opened.Encoder;
    }
}
