using ActorEmbed.Inference.Loading;
using ActorEmbed.Inference.Models;
using ActorEmbed.Tests.Shared.Models;

namespace ActorEmbed.Inference.Tests.Models;

public sealed class ModelDirectoryTests
{
    [Fact]
    public void Everything_is_read_from_the_files_of_the_repository()
    {
        var description = ModelDirectory.Read(TestModels.XlmrTiny);

        Assert.Equal(
            ("xlmr-tiny", PoolingMode.Mean, 64, 128, 0),
            (description.Id, description.Pooling.Single(), description.Dimensions!.Value, description.MaxTokens, description.VectorModules.Count));
    }

    [Theory]
    [InlineData("pooling_mode_cls_token", PoolingMode.Cls)]
    [InlineData("pooling_mode_max_tokens", PoolingMode.Max)]
    [InlineData("pooling_mode_lasttoken", PoolingMode.LastToken)]
    [InlineData("pooling_mode_weightedmean_tokens", PoolingMode.WeightedMean)]
    [InlineData("pooling_mode_mean_sqrt_len_tokens", PoolingMode.MeanSqrtLen)]
    public void The_pooling_mode_is_the_flag_that_is_set(string flag, object expected)
    {
        using var copy = TestModels.Copy(TestModels.XlmrTiny);
        copy.Replace("1_Pooling/config.json", "\"pooling_mode_mean_tokens\": true", "\"pooling_mode_mean_tokens\": false");
        copy.Replace("1_Pooling/config.json", "{", $"{{\"{flag}\": true,");

        Assert.Equal(expected, Assert.Single(ModelDirectory.Read(copy.Directory).Pooling));
    }

    [Fact]
    public void Another_pooling_mode_is_refused_by_name()
    {
        using var copy = TestModels.Copy(TestModels.XlmrTiny);
        copy.Replace("1_Pooling/config.json", "pooling_mode_mean_tokens", "pooling_mode_median");

        var error = Assert.Throws<ModelLoadException>(() => ModelDirectory.Read(copy.Directory));

        Assert.Contains("median", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Several_pooling_modes_stand_in_the_order_of_sentence_transformers()
    {
        using var copy = TestModels.Copy(TestModels.XlmrTiny);
        copy.Replace("1_Pooling/config.json", "\"pooling_mode_cls_token\": false", "\"pooling_mode_cls_token\": true");

        Assert.Equal([PoolingMode.Cls, PoolingMode.Mean], ModelDirectory.Read(copy.Directory).Pooling.ToArray());
    }

    [Fact]
    public void A_module_that_is_not_known_is_refused_by_name()
    {
        using var copy = TestModels.Copy(TestModels.XlmrTiny);
        copy.Replace("modules.json", "sentence_transformers.models.Pooling", "sentence_transformers.models.LSTM");

        Assert.Contains("LSTM", Assert.Throws<ModelLoadException>(() => ModelDirectory.Read(copy.Directory)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_normalize_module_makes_every_vector_unit_length()
    {
        using var copy = TestModels.Copy(TestModels.XlmrTiny);
        copy.Replace("modules.json", "\n]", """, {"idx":2,"name":"2","path":"2_Normalize","type":"sentence_transformers.models.Normalize"}]""");
        using var model = ModelLoader.Load(copy.Directory);

        var vector = model.Embed(["text"])[0].Vector;

        Assert.Equal(1.0, Math.Sqrt(vector.Sum(c => (double)c * c)), 1e-6);
    }

    [Fact]
    public void Max_tokens_never_exceed_the_positions_of_the_model()
    {
        using var copy = TestModels.Copy(TestModels.XlmrTiny);
        copy.Replace("sentence_bert_config.json", "128", "100000");

        Assert.Equal(512, ModelDirectory.Read(copy.Directory).MaxTokens);
    }

    [Fact]
    public void A_repository_without_modules_is_a_transformer_with_mean_pooling()
    {
        using var copy = TestModels.Copy(TestModels.XlmrTiny);
        File.Delete(copy.Path("modules.json"));
        Directory.Delete(copy.Path("1_Pooling"), recursive: true);

        Assert.Equal((PoolingMode.Mean, 64), (ModelDirectory.Read(copy.Directory).Pooling.Single(), ModelDirectory.Read(copy.Directory).Dimensions!.Value));
    }

    [Fact]
    public void The_id_of_a_model_in_a_hub_cache_is_its_repository()
    {
        using var copy = TestModels.Copy(TestModels.XlmrTiny);
        var snapshot = Path.Combine(copy.Directory, "models--some-org--some-model", "snapshots", "0123abc");
        Directory.CreateDirectory(snapshot);
        File.Copy(copy.Path("config.json"), Path.Combine(snapshot, "config.json"));
        File.Copy(copy.Path("model.safetensors"), Path.Combine(snapshot, "model.safetensors"));

        Assert.Equal("some-org/some-model", ModelDirectory.Read(snapshot).Id);
    }

    [Theory]
    [InlineData("config.json", "{", "config.json")]
    [InlineData("config.json", "[]", "config.json")]
    [InlineData("modules.json", "{}", "modules.json")]
    [InlineData("modules.json", "[1]", "modules.json")]
    [InlineData("modules.json", "[{}]", "type")]
    [InlineData("sentence_bert_config.json", """{"max_seq_length":0}""", "max_seq_length")]
    [InlineData("sentence_bert_config.json", """{"max_seq_length":"many"}""", "max_seq_length")]
    [InlineData("1_Pooling/config.json", "{}", "pooling")]
    public void A_damaged_configuration_is_refused_with_file_and_field(string file, string content, string named)
    {
        using var copy = TestModels.Copy(TestModels.XlmrTiny);
        File.WriteAllText(copy.Path(file), content);

        var error = Assert.Throws<ModelLoadException>(() => ModelDirectory.Read(copy.Directory));

        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Theory]
    [InlineData("config.json")]
    [InlineData("1_Pooling/config.json")]
    [InlineData("onnx/model.onnx")]
    [InlineData("sentencepiece.bpe.model")]
    public void A_missing_file_is_named(string file)
    {
        using var copy = TestModels.Copy(TestModels.Starter);
        File.Delete(copy.Path("tokenizer.json"));
        File.Delete(copy.Path(file));

        var error = Assert.Throws<ModelLoadException>(() => ModelLoader.Load(copy.Directory));

        Assert.Contains(Path.GetFileName(file), error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("onnx/model.onnx")]
    [InlineData("sentencepiece.bpe.model")]
    public void A_truncated_file_is_refused_in_one_line(string file)
    {
        using var copy = TestModels.Copy(TestModels.Starter);
        File.Delete(copy.Path("tokenizer.json"));
        var bytes = File.ReadAllBytes(copy.Path(file));
        File.WriteAllBytes(copy.Path(file), bytes[..(bytes.Length / 2)]);

        var error = Assert.Throws<ModelLoadException>(() => ModelLoader.Load(copy.Directory));

        Assert.Contains(Path.GetFileName(file), error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void A_graph_of_another_width_than_configured_is_refused()
    {
        using var copy = TestModels.Copy(TestModels.XlmrTiny);
        copy.Replace("1_Pooling/config.json", "64", "65");

        Assert.Throws<ModelLoadException>(() => ModelLoader.Load(copy.Directory).Embed(["text"]));
    }
}
