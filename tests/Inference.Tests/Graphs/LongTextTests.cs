using ActorEmbed.Inference.Compilation;
using ActorEmbed.Inference.Compilation.Cache;
using ActorEmbed.Inference.Encoders;
using ActorEmbed.Inference.Graphs;
using ActorEmbed.Inference.Graphs.Families;
using ActorEmbed.Inference.Tests.Compilation;
using ActorEmbed.Inference.Weights;
using Microsoft.Extensions.Logging.Abstractions;

namespace ActorEmbed.Inference.Tests.Graphs;

/// <summary>
/// Long texts of every family, which the tiny models take for long at a few tokens already: in blocks of less than the
/// windows, of more, and of a number that divides no text.
/// </summary>
public sealed class LongTextTests
{
    private const double Tolerance = 2e-5;

    public static TheoryData<string, int, int> Cases { get; } = [];

    static LongTextTests()
    {
        foreach (var name in FamilyTests.Names)
        {
            Cases.Add(name, 8, 8);
            Cases.Add(name, 16, 32);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_long_text_has_the_vector_of_the_reference(string name, int longerThan, int block)
    {
        var repository = new ReferenceRepository(name);
        var rows = repository.Rows;
        Assert.Contains(rows, row => row.Ids.Length > longerThan + (2 * block));
        using var copy = new TemporaryCopy(repository.Directory);
        using var encoder = Open(copy, repository, new LongTexts(longerThan, block), CompiledGraphKind.Fp32);

        var vectors = encoder.Encode([.. rows.Select(row => row.Ids)]);

        Assert.All(rows.Zip(vectors), pair => Assert.True(
            repository.Finish(pair.Second).Zip(pair.First.Vector, (a, b) => Math.Abs(a - b)).Max() < Tolerance, $"{pair.First.Ids.Length} tokens"));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_long_text_has_the_same_vector_to_the_bit_alone_and_among_others(string name, int longerThan, int block)
    {
        var repository = new ReferenceRepository(name);
        int[][] texts = [.. repository.Rows.Select(row => row.Ids)];
        using var copy = new TemporaryCopy(repository.Directory);
        using var encoder = Open(copy, repository, new LongTexts(longerThan, block), CompiledGraphKind.Int8);

        var together = encoder.Encode(texts);

        Assert.All(texts.Zip(together), pair => Assert.Equal(encoder.Encode([pair.First])[0], pair.Second));
    }

    private static PackedEncoder Open(TemporaryCopy copy, ReferenceRepository repository, LongTexts longTexts, CompiledGraphKind kind)
    {
        var vocabulary = repository.Rows.Max(row => row.Ids.Max()) + 1;
        var source = new CompiledModelSource(copy.Path, [repository.Pooling], () => new HashedIds(vocabulary));
        var config = EncoderConfig.Read(source.ConfigPath);
        var family = EncoderFamilies.Find(config)!;
        var architecture = family.TryRead(config, out _)! with { LongTexts = longTexts };
        using var files = new SafetensorsFiles(source.WeightsPaths);
        var writer = family.TryOpen(files, architecture, out _)!;
        var version = SourceVersion.Read(writer.TokenTable.File, []);
        var compiler = new GraphCompiler(source, architecture, files, version, writer, threads: 2, NullLogger.Instance);
        var directory = Directory.CreateDirectory(Path.Combine(copy.Path, "compiled")).FullName;
        Assert.Null(compiler.Write(kind, directory));
        return compiler.Open(directory);
    }
}
