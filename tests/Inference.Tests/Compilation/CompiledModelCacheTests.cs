using ActorEmbed.Inference.Compilation.Cache;
using ActorEmbed.Inference.Files;
using ActorEmbed.Inference.Graphs;
using Microsoft.Extensions.Logging.Abstractions;

namespace ActorEmbed.Inference.Tests.Compilation;

public sealed class CompiledModelCacheTests : IDisposable
{
    private static readonly int[][] Texts = SeededModel.RandomTexts(11, 4, 20);

    // Large enough that some tensors are external.
    private readonly SeededModel _model = new(layers: 1, hidden: 128, feedForward: 256);
    private readonly LogLines _log = new();

    private string Root => Path.Combine(_model.Directory, ".actorembed");

    [Fact]
    public void A_model_is_compiled_once()
    {
        var first = EncodeOnce();
        var written = Timestamps();
        Assert.Equal(first, EncodeOnce());

        Assert.Equal(written, Timestamps());
        Assert.Single(_log.Lines, line => line.Contains("Compiling", StringComparison.Ordinal));
    }

    [Fact]
    public void Each_precision_is_compiled_for_itself()
    {
        EncodeOnce(Precision.Fp32);
        EncodeOnce(Precision.Int8);

        Assert.Equal(["fp32", "int8"], Directory.GetDirectories(Root).Select(path => Path.GetFileName(path).Split('-')[0]).Order());
    }

    [Fact]
    public void Other_weights_are_compiled_again()
    {
        var before = EncodeOnce();
        using var other = new SeededModel(layers: 1, hidden: 128, feedForward: 256, seed: 2);
        File.Copy(other.WeightsPath, _model.WeightsPath, overwrite: true);

        Assert.NotEqual(before, EncodeOnce());
        Assert.Equal(2, Directory.GetDirectories(Root).Length);
    }

    [Fact]
    public void The_same_weights_under_a_new_date_are_not_compiled_again()
    {
        EncodeOnce();
        File.SetLastWriteTimeUtc(_model.WeightsPath, DateTime.UtcNow.AddDays(-1));
        EncodeOnce();

        Assert.Single(Directory.GetDirectories(Root));
        Assert.Single(_log.Lines, line => line.Contains("Compiling", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("model.onnx")]
    [InlineData("weights.bin")]
    [InlineData("manifest.json")]
    public void A_damaged_file_is_noticed_and_the_model_built_again(string name)
    {
        var before = EncodeOnce();
        var path = Path.Combine(Directory.GetDirectories(Root).Single(), name);
        var bytes = File.ReadAllBytes(path);
        bytes[bytes.Length / 2] ^= 1;
        if (name == "manifest.json")
            bytes = bytes[..(bytes.Length / 2)];
        File.WriteAllBytes(path, bytes);

        Assert.Equal(before, EncodeOnce());
        Assert.Contains(_log.Lines, line => line.Contains("damaged", StringComparison.Ordinal));
        Assert.Null(CompiledModelManifest.FindDamage(Path.GetDirectoryName(path)!));
    }

    [Fact]
    public void What_a_killed_builder_left_is_not_taken_for_a_model_and_is_removed()
    {
        var before = EncodeOnce();
        var complete = Directory.GetDirectories(Root).Single();
        Directory.Move(complete, complete + ".partial");
        Directory.CreateDirectory(Path.Combine(Root, "int8-0123456789abcdef.partial"));

        Assert.Equal(before, EncodeOnce());
        Assert.Equal([complete], Directory.GetDirectories(Root));
    }

    [Fact]
    public void What_a_living_builder_of_another_model_is_writing_stays()
    {
        Directory.CreateDirectory(Root);
        var partial = Directory.CreateDirectory(Path.Combine(Root, "int8-0123456789abcdef.partial"));
        using var held = FileLock.TryAcquire(Path.Combine(Root, "int8-0123456789abcdef.lock"));

        EncodeOnce();

        Assert.True(Directory.Exists(partial.FullName));
    }

    [Fact]
    public void Two_builders_at_the_same_time_build_once()
    {
        Parallel.For(0, 4, new ParallelOptions { MaxDegreeOfParallelism = 4 }, _ =>
        {
            using var encoder = CompiledModels.Open(_model);
            Assert.Equal(2, encoder.Encode(Texts).Length);
        });

        Assert.Single(Directory.GetDirectories(Root));
    }

    [Fact]
    public void A_place_that_cannot_be_written_is_passed_over_for_the_next()
    {
        var blocked = Path.Combine(_model.Directory, "a-file");
        File.WriteAllText(blocked, "");
        var second = Path.Combine(_model.Directory, "second");
        var cache = new CompiledModelCache([Path.Combine(blocked, "cache"), second], _log);

        var built = cache.Build(Key(), WriteFiles);

        Assert.StartsWith(second, built, StringComparison.Ordinal);
        Assert.Equal(built, cache.Find(Key()));
    }

    [Fact]
    public void A_rejected_graph_is_remembered_and_never_found()
    {
        var cache = new CompiledModelCache([Root], NullLogger.Instance);

        Assert.Null(cache.Build(Key(), _ => "it computes nonsense"));

        Assert.Equal("it computes nonsense", cache.FindRejection(Key())?.Reason);
        Assert.Contains("it computes nonsense", Assert.Single(cache.FindRejections()).ToString(), StringComparison.Ordinal);
        Assert.Null(cache.Find(Key()));
        Assert.Empty(Directory.GetDirectories(Root));
    }

    [Fact]
    public void A_rejection_that_is_old_does_not_count_any_more()
    {
        var cache = new CompiledModelCache([Root], NullLogger.Instance);
        cache.Build(Key(), _ => "it computes nonsense");
        var path = Directory.GetFiles(Root, "*" + CompiledModelRejection.Suffix).Single();
        (CompiledModelRejection.TryRead(path)! with { At = DateTimeOffset.UtcNow.AddDays(-31) }).Write(path);

        Assert.Null(cache.FindRejection(Key()));
        Assert.Empty(cache.FindRejections());
    }

    [Fact]
    public void A_build_that_fails_leaves_no_verdict_and_the_next_one_succeeds()
    {
        var cache = new CompiledModelCache([Root], NullLogger.Instance);

        Assert.Throws<InferenceException>(() => cache.Build(Key(), _ => throw new InferenceException("bad_alloc")));

        Assert.Null(cache.FindRejection(Key()));
        Assert.Empty(Directory.GetDirectories(Root));
        Assert.NotNull(cache.Build(Key(), WriteFiles));
    }

    [Fact]
    public void Where_no_place_can_be_written_the_error_says_why()
    {
        var blocked = Path.Combine(_model.Directory, "a-file");
        File.WriteAllText(blocked, "");

        var error = Assert.Throws<IOException>(() => new CompiledModelCache([Path.Combine(blocked, "cache")], _log).Build(Key(), WriteFiles));

        Assert.Contains(blocked, error.Message, StringComparison.Ordinal);
    }

    [PosixFact]
    public void Weights_that_are_replaced_in_place_with_their_length_and_date_kept_are_noticed()
    {
        var before = EncodeOnce();
        var date = File.GetLastWriteTimeUtc(_model.WeightsPath);
        using var other = new SeededModel(layers: 1, hidden: 128, feedForward: 256, seed: 2);
        var bytes = File.ReadAllBytes(other.WeightsPath);
        Assert.Equal(new FileInfo(_model.WeightsPath).Length, bytes.Length);
        using (var stream = new FileStream(_model.WeightsPath, FileMode.Open))
            stream.Write(bytes);
        File.SetLastWriteTimeUtc(_model.WeightsPath, date);

        Assert.NotEqual(before, EncodeOnce());
    }

    [PosixFact]
    public void Weights_that_change_under_a_loaded_model_fail_the_batch_instead_of_giving_other_vectors()
    {
        using var encoder = CompiledModels.Open(_model);
        var before = encoder.Encode(Texts);
        using (var other = new SeededModel(layers: 1, hidden: 128, feedForward: 256, seed: 2))
        using (var stream = new FileStream(_model.WeightsPath, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            stream.Write(File.ReadAllBytes(other.WeightsPath));

        var error = Assert.Throws<InferenceException>(() => encoder.Encode(Texts));

        Assert.Contains(_model.WeightsPath, error.Message, StringComparison.Ordinal);
        Assert.NotEqual(before, EncodeOnce());
    }

    [PosixFact]
    public void Another_date_or_a_deletion_changes_nothing_for_a_loaded_model()
    {
        using var encoder = CompiledModels.Open(_model);
        var before = encoder.Encode(Texts);

        File.SetLastWriteTimeUtc(_model.WeightsPath, DateTime.UtcNow.AddDays(-3));
        Assert.Equal(before, encoder.Encode(Texts));
        File.Delete(_model.WeightsPath);

        Assert.Equal(before, encoder.Encode(Texts));
    }

    [PosixFact]
    public void A_compiled_file_that_is_cut_under_a_loaded_model_fails_the_batch_and_is_built_again()
    {
        using var encoder = CompiledModels.Open(_model);
        var before = encoder.Encode(Texts);
        var weights = Path.Combine(Directory.GetDirectories(Root).Single(), CompiledModelFiles.Weights);
        var file = new FileInfo(weights);
        Assert.True(file.IsReadOnly);
        file.IsReadOnly = false;
        using (var stream = new FileStream(weights, FileMode.Open, FileAccess.Write))
            stream.SetLength(10);

        var error = Assert.Throws<InferenceException>(() => encoder.Encode(Texts));

        Assert.Contains(weights, error.Message, StringComparison.Ordinal);
        Assert.Equal(before, EncodeOnce());
    }

    [Fact]
    public void Models_that_nobody_opened_for_long_are_removed_when_another_is_built()
    {
        EncodeOnce();
        var old = Directory.GetDirectories(Root).Single();
        File.SetLastWriteTimeUtc(Path.Combine(old, "manifest.json"), DateTime.UtcNow.AddDays(-100));

        new CompiledModelCache([Root], NullLogger.Instance).Build(Key(), WriteFiles);

        Assert.False(Directory.Exists(old));
    }

    [Fact]
    public void The_key_tells_apart_all_that_changes_the_graph()
    {
        var key = Key();
        CompiledModelKey[] others =
        [
            key,
            key with { Kind = CompiledGraphKind.Int8 },
            key with { SourceChecksum = "bb" },
            key with { Pooling = [PoolingMode.Max] },
            key with { Architecture = key.Architecture with { NormEpsilon = 1e-12f } },
        ];

        Assert.Equal(others.Length, others.Select(other => other.DirectoryName).Distinct().Count());
    }

    public void Dispose() => _model.Dispose();

    private static string? WriteFiles(string directory)
    {
        File.WriteAllText(Path.Combine(directory, CompiledModelFiles.Graph), "graph");
        File.WriteAllText(Path.Combine(directory, CompiledModelFiles.Weights), "weights");
        return null;
    }

    private CompiledModelKey Key() => new(CompiledGraphKind.Fp32, "aa", _model.Architecture, [PoolingMode.Mean]);

    private float[][] EncodeOnce(Precision precision = Precision.Fp32)
    {
        using var encoder = CompiledModels.TryOpen(_model, precision, logger: _log);
        Assert.NotNull(encoder);
        return encoder.Encode(Texts);
    }

    private DateTime[] Timestamps() =>
        [.. Directory.GetFiles(Directory.GetDirectories(Root).Single(), "*.*").Where(path => !path.EndsWith("json", StringComparison.Ordinal)).Select(File.GetLastWriteTimeUtc)];
}
