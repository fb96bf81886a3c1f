using ActorEmbed.Inference.Compilation;
using ActorEmbed.Inference.Compilation.Cache;
using ActorEmbed.Inference.Graphs;
using ActorEmbed.Inference.Models;

namespace ActorEmbed.Inference.Tests.Compilation;

/// <summary>What the graph builder does not know is left to the repository's own graph, with a line that says why.</summary>
public sealed class FallbackTests
{
    private readonly LogLines _log = new();

    [Theory]
    [InlineData("\"model_type\":\"xlm-roberta\"", "\"model_type\":\"mpnet\"", "mpnet")]
    [InlineData("\"hidden_act\":\"gelu\"", "\"hidden_act\":\"gelu_new\"", "gelu_new")]
    [InlineData("\"hidden_act\":\"gelu\"", "\"position_embedding_type\":\"relative_key\"", "relative_key")]
    [InlineData("\"hidden_act\":\"gelu\"", "\"is_decoder\":true", "decoder")]
    [InlineData("\"num_attention_heads\":4", "\"num_attention_heads\":5", "5 heads")]
    [InlineData("\"num_hidden_layers\":2", "\"num_hidden_layers\":3", "encoder.layer.2")]
    [InlineData("\"intermediate_size\":64", "\"intermediate_size\":65", "intermediate.dense")]
    [InlineData("\"hidden_size\":32,", "", "config.json")]
    public void A_model_of_another_kind_is_not_compiled(string stated, string instead, string mentioned)
    {
        using var model = new SeededModel();
        var path = Path.Combine(model.Directory, "config.json");
        var config = File.ReadAllText(path);
        Assert.Contains(stated, config, StringComparison.Ordinal);
        File.WriteAllText(path, config.Replace(stated, instead, StringComparison.Ordinal));

        Assert.Null(CompiledModels.TryOpen(model, logger: _log));
        Assert.Contains(mentioned, Assert.Single(_log.Lines), StringComparison.Ordinal);
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
    public void A_graph_that_failed_its_test_is_replaced_by_the_next()
    {
        using var model = new SeededModel();
        var architecture = EncoderArchitecture.TryRead(Path.Combine(model.Directory, "config.json"), out _);
        Assert.NotNull(architecture);
        var roots = CompiledModelRoots.For(model.Directory);
        var hash = SourceHash.Compute(model.WeightsPath, roots);
        var cache = new CompiledModelCache(roots, _log);
        foreach (var kind in new[] { CompiledGraphKind.Int8, CompiledGraphKind.Int8PerToken })
            cache.Build(new CompiledModelKey(kind, hash, architecture, PoolingMode.Mean), _ => "it is not batch-invariant here");

        var texts = SeededModel.RandomTexts(12, 9, 33);
        using var replaced = CompiledModels.TryOpen(model, Precision.Int8, logger: _log);
        using var exact = CompiledModels.Open(model);

        Assert.NotNull(replaced);
        Assert.Equal(exact.Encode(texts), replaced.Encode(texts));
        Assert.Contains(_log.Lines, line => line.Contains("not batch-invariant", StringComparison.Ordinal));
    }

    [Fact]
    public void A_damaged_source_is_an_error_not_a_fallback()
    {
        using var model = new SeededModel();
        File.WriteAllBytes(model.WeightsPath, File.ReadAllBytes(model.WeightsPath)[..5000]);

        Assert.Throws<ModelLoadException>(() => CompiledModels.TryOpen(model, logger: _log));
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
