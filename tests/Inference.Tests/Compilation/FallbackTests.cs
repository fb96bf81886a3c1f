using ActorEmbed.Inference.Compilation;
using ActorEmbed.Inference.Compilation.Cache;
using ActorEmbed.Inference.Encoders;
using ActorEmbed.Inference.Graphs;

namespace ActorEmbed.Inference.Tests.Compilation;

/// <summary>What the graph builder does not know is left to the repository's own graph, with a line that says why.</summary>
public sealed class FallbackTests
{
    private readonly LogLines _log = new();

    [Theory]
    [InlineData("\"model_type\":\"xlm-roberta\"", "\"model_type\":\"albert\"", "albert")]
    [InlineData("\"hidden_act\":\"gelu\"", "\"hidden_act\":\"gelu_new\"", "gelu_new")]
    [InlineData("\"hidden_act\":\"gelu\"", "\"position_embedding_type\":\"relative_key\"", "relative_key")]
    [InlineData("\"hidden_act\":\"gelu\"", "\"is_decoder\":true", "decoder")]
    [InlineData("\"hidden_size\":32,", "", "config.json")]
    public void A_model_of_another_kind_is_not_compiled(string stated, string instead, string mentioned)
    {
        using var model = new SeededModel();
        model.Restate(stated, instead);

        Assert.Null(CompiledModels.TryOpen(model, logger: _log));
        Assert.Contains(mentioned, Assert.Single(_log.Lines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"num_attention_heads\":4", "\"num_attention_heads\":5", "config.json", "5 heads")]
    [InlineData("\"num_hidden_layers\":2", "\"num_hidden_layers\":3", "model.safetensors", "encoder.layer.2")]
    [InlineData("\"intermediate_size\":64", "\"intermediate_size\":65", "model.safetensors", "intermediate.dense")]
    [InlineData("\"vocab_size\":300", "\"vocab_size\":301", "model.safetensors", "embeddings.word_embeddings.weight")]
    [InlineData("\"max_position_embeddings\":200", "\"max_position_embeddings\":-200", "config.json", "max_position_embeddings")]
    [InlineData("\"max_position_embeddings\":200", "\"max_position_embeddings\":4", "config.json", "max_position_embeddings")]
    [InlineData("\"pad_token_id\":1", "\"pad_token_id\":-3", "config.json", "pad_token_id")]
    [InlineData("\"num_hidden_layers\":2", "\"num_hidden_layers\":2.5", "config.json", "num_hidden_layers")]
    public void A_configuration_that_fits_no_weights_is_an_error_that_names_the_file_and_the_cause(
        string stated, string instead, string file, string mentioned)
    {
        using var model = new SeededModel();
        model.Restate(stated, instead);

        var error = Assert.Throws<ModelLoadException>(() => CompiledModels.TryOpen(model, logger: _log));

        Assert.Contains(file, error.Message, StringComparison.Ordinal);
        Assert.Contains(mentioned, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void A_model_without_safetensors_is_not_compiled()
    {
        using var model = new SeededModel();
        File.Delete(model.WeightsPath);

        Assert.Null(CompiledModels.TryOpen(model, logger: _log));
        Assert.Contains("model.safetensors", Assert.Single(_log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_that_bytes_do_not_suit_stays_with_fp32_and_says_so()
    {
        // One component is always zero, and its weights are so large that no byte is left for the others.
        const int dead = 5;
        using var model = new SeededModel(change: (name, values) =>
        {
            if (name.Contains("LayerNorm", StringComparison.Ordinal))
                values[dead] = 0;
            else if (name.EndsWith("query.weight", StringComparison.Ordinal) || name.EndsWith("value.weight", StringComparison.Ordinal)
                     || name.EndsWith("intermediate.dense.weight", StringComparison.Ordinal))
            {
                for (var i = dead; i < values.Length; i += 32)
                    values[i] = 1e30f;
            }
        });
        var texts = SeededModel.RandomTexts(12, 9, 33);
        using var exact = CompiledModels.Open(model);

        var opened = CompiledEncoder.TryOpen(CompiledModels.Source(model), Precision.Int8, new EncoderOptions(2), _log, out _);
        Assert.NotNull(opened);
        using var replaced = opened.Encoder;

        Assert.Equal(Precision.Fp32, opened.Precision);
        Assert.Null(opened.Encoder.CalibratedShare);
        Assert.Equal(exact.Encode(texts), replaced.Encode(texts));
        Assert.Equal(2, _log.Lines.Count(line => line.Contains("did not pass its test:", StringComparison.Ordinal) && line.Contains("mean cosine", StringComparison.Ordinal)));
        Assert.Contains(_log.Lines, line => line.Contains("Fp32 although Int8 was asked for", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(Precision.Fp32, null)]
    [InlineData(Precision.Int8, 0.75)]
    public void A_compiled_model_knows_what_of_it_was_calibrated(Precision precision, double? share)
    {
        using var model = new SeededModel();
        using var encoder = CompiledModels.Open(model, precision);

        Assert.Equal(share, ((PackedEncoder)encoder).CalibratedShare);
    }

    [Fact]
    public void A_graph_that_failed_its_test_is_replaced_by_the_next()
    {
        using var model = new SeededModel();
        var roots = CompiledModelRoots.For(model.Directory);
        var version = SourceVersion.Read(model.WeightsPath, roots);
        var cache = new CompiledModelCache(roots, _log);
        cache.Build(new CompiledModelKey(CompiledGraphKind.Int8, version.Checksum, model.Architecture, [PoolingMode.Mean]), _ => "it is not batch-invariant here");

        var texts = SeededModel.RandomTexts(12, 9, 33);
        var opened = CompiledEncoder.TryOpen(CompiledModels.Source(model), Precision.Int8, new EncoderOptions(2), _log, out _);
        Assert.NotNull(opened);
        using var replaced = opened.Encoder;
        using var exact = CompiledModels.Open(model);

        Assert.Equal(Precision.Fp32, opened.Precision);
        Assert.Equal(exact.Encode(texts), replaced.Encode(texts));
        Assert.Contains(_log.Lines, line => line.Contains("Fp32 although Int8 was asked for", StringComparison.Ordinal));
        Assert.Contains(_log.Lines, line => line.Contains("not batch-invariant", StringComparison.Ordinal));
    }

    [Fact]
    public void A_damaged_source_is_an_error_not_a_fallback()
    {
        using var model = new SeededModel();
        File.WriteAllBytes(model.WeightsPath, File.ReadAllBytes(model.WeightsPath)[..5000]);

        Assert.Throws<ModelLoadException>(() => CompiledModels.TryOpen(model, logger: _log));
    }

    [Theory]
    [InlineData("embeddings.word_embeddings.weight", float.NaN)]
    [InlineData("encoder.layer.1.output.dense.weight", float.PositiveInfinity)]
    public void A_weight_that_is_no_number_is_an_error_that_names_the_tensor(string tensor, float component)
    {
        using var model = new SeededModel();
        model.Damage(tensor, component);

        var error = Assert.Throws<ModelLoadException>(() => CompiledModels.TryOpen(model, logger: _log));

        Assert.Contains(tensor, error.Message, StringComparison.Ordinal);
        Assert.Contains(model.WeightsPath, error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetDirectories(Path.Combine(model.Directory, ".actorembed")));
    }

    [LinkFact]
    public void Weights_behind_a_link_as_in_the_Hugging_Face_cache_are_compiled()
    {
        using var model = new SeededModel();
        var blob = Path.Combine(model.Directory, "blob");
        File.Move(model.WeightsPath, blob);
        File.CreateSymbolicLink(model.WeightsPath, "blob");

        using var compiled = CompiledModels.TryOpen(model, logger: _log);
        using var again = CompiledModels.TryOpen(model, logger: _log);

        Assert.NotNull(compiled);
        Assert.NotNull(again);
        Assert.Single(_log.Lines, line => line.Contains("Compiling", StringComparison.Ordinal));
    }
}
