using ActorEmbed.Inference.Hub;

namespace ActorEmbed.Inference.Tests.Hub;

public sealed class ModelFileSelectionTests
{
    private static readonly ModelModule[] MeanPooled = [new("Transformer", ""), new("Pooling", "1_Pooling")];

    /// <summary>The repository of the production model, and files that others of its kind have.</summary>
    private static readonly string[] Repository =
    [
        ".gitattributes", "README.md", "1_Pooling/config.json", "config.json", "config_sentence_transformers.json",
        "model.safetensors", "modules.json", "onnx/model.onnx", "onnx/model_O1.onnx", "onnx/model_O4.onnx",
        "onnx/model_qint8_avx512_vnni.onnx", "openvino/openvino_model.bin", "pytorch_model.bin", "rust_model.ot",
        "sentence_bert_config.json", "sentencepiece.bpe.model", "special_tokens_map.json", "tf_model.h5",
        "tokenizer.json", "tokenizer_config.json", "unigram.json",
    ];

    [Fact]
    public void The_production_model_needs_nine_files()
    {
        var files = Select(Repository);

        Assert.Equal(
            [
                "modules.json", "config.json", "sentence_bert_config.json", "1_Pooling/config.json",
                "config_sentence_transformers.json", "tokenizer_config.json", "special_tokens_map.json",
                "sentencepiece.bpe.model", "model.safetensors",
            ], files.Paths);
        Assert.Empty(files.Missing);
        Assert.Empty(files.Absent);
    }

    [Theory]
    [InlineData("O4", "onnx/model_O4.onnx")]
    [InlineData("qint8_avx512_vnni", "onnx/model_qint8_avx512_vnni.onnx")]
    public void A_variant_takes_the_place_of_the_weights(string variant, string expected)
    {
        var files = Select(Repository, variant);

        Assert.Equal(expected, files.Paths[^1]);
        Assert.DoesNotContain("model.safetensors", files.Paths);
        Assert.DoesNotContain("onnx/model.onnx", files.Paths);
    }

    [Fact]
    public void A_variant_that_is_not_there_is_missing_even_if_other_weights_are()
    {
        Assert.Equal(["onnx/model_O7.onnx"], Select(Repository, "O7").Missing);
    }

    [Fact]
    public void The_variants_of_a_repository_are_named()
    {
        Assert.Equal(["O1", "O4", "qint8_avx512_vnni"], ModelFileSelection.Variants(Repository));
    }

    [Fact]
    public void External_data_comes_with_its_graph_and_the_graph_comes_last()
    {
        var files = Select([.. Without("model.safetensors"), "onnx/model.onnx_data", "onnx/model_O4.onnx_data"]);

        Assert.Equal(["onnx/model.onnx_data", "onnx/model.onnx"], files.Paths.TakeLast(2));
        Assert.Equal(["model.safetensors"], files.Absent);
        Assert.DoesNotContain("onnx/model_O4.onnx_data", files.Paths);
    }

    [Fact]
    public void A_graph_in_the_root_is_taken_when_there_is_no_other()
    {
        var files = Select([.. Without("model.safetensors").Where(path => !path.StartsWith("onnx/", StringComparison.Ordinal)), "model.onnx"]);

        Assert.Equal("model.onnx", files.Paths[^1]);
    }

    [Fact]
    public void Weights_that_can_hold_code_are_no_weights()
    {
        var files = Select(Without("model.safetensors").Where(path => !path.StartsWith("onnx/", StringComparison.Ordinal)));

        Assert.Equal(["model.safetensors or onnx/model.onnx"], files.Missing);
    }

    [Fact]
    public void A_word_list_is_taken_as_tokenizer()
    {
        var files = Select([.. Without("sentencepiece.bpe.model"), "vocab.txt"]);

        Assert.Contains("vocab.txt", files.Paths);
        Assert.DoesNotContain("tokenizer.json", files.Paths);
        Assert.Empty(files.Absent);
    }

    [Fact]
    public void The_large_tokenizer_is_taken_when_there_is_no_smaller_one()
    {
        var files = Select(Without("sentencepiece.bpe.model"));

        Assert.Contains("tokenizer.json", files.Paths);
        Assert.Equal(["sentencepiece.bpe.model", "vocab.txt"], files.Absent);
    }

    [Fact]
    public void A_model_without_tokenizer_is_not_usable()
    {
        var files = Select(Without("sentencepiece.bpe.model").Where(path => path != "tokenizer.json"));

        Assert.Equal(["sentencepiece.bpe.model, vocab.txt or tokenizer.json"], files.Missing);
    }

    [Fact]
    public void The_files_of_every_module_come_along_and_a_normalizer_has_none()
    {
        ModelModule[] modules = [.. MeanPooled, new("Dense", "2_Dense"), new("Normalize", "3_Normalize")];

        var files = Select([.. Repository, "2_Dense/config.json", "2_Dense/model.safetensors", "2_Dense/pytorch_model.bin"], modules: modules);

        Assert.Contains("2_Dense/config.json", files.Paths);
        Assert.Contains("2_Dense/model.safetensors", files.Paths);
        Assert.DoesNotContain("2_Dense/pytorch_model.bin", files.Paths);
        Assert.Equal("model.safetensors", files.Paths[^1]);
        Assert.Empty(files.Missing);
    }

    [Fact]
    public void A_transformer_in_a_directory_of_its_own_is_taken_from_there()
    {
        string[] repository =
        [
            "modules.json", "0_Transformer/config.json", "0_Transformer/model.safetensors", "0_Transformer/vocab.txt",
            "0_Transformer/sentence_bert_config.json", "1_Pooling/config.json",
        ];

        var files = Select(repository, modules: [new("Transformer", "0_Transformer"), new("Pooling", "1_Pooling")]);

        Assert.Equal(repository.Order(StringComparer.Ordinal), files.Paths.Order(StringComparer.Ordinal));
        Assert.Empty(files.Missing);
    }

    [Fact]
    public void A_plain_transformer_has_no_modules()
    {
        var files = Select(["config.json", "vocab.txt", "model.safetensors"], modules: []);

        Assert.Empty(files.Missing);
        Assert.Equal(["modules.json"], files.Absent);
    }

    [Theory]
    [InlineData("""[{"idx":0,"name":"0","path":"","type":"sentence_transformers.models.Transformer"},{"idx":1,"name":"1","path":"1_Pooling","type":"sentence_transformers.models.Pooling"}]""")]
    [InlineData("""[{"path":"","type":"Transformer"},{"path":"1_Pooling/","type":"a.b.c.Pooling"}]""")]
    public void The_list_of_modules_is_read(string json)
    {
        Assert.Equal(MeanPooled, ModelModule.Parse(System.Text.Encoding.UTF8.GetBytes(json)));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("""[{"path":""}]""")]
    [InlineData("""[{"path":1,"type":"x"}]""")]
    [InlineData("no")]
    public void A_damaged_list_of_modules_is_an_error_that_names_it(string json)
    {
        var failure = Assert.Throws<ModelPullException>(() => ModelModule.Parse(System.Text.Encoding.UTF8.GetBytes(json)));

        Assert.Contains("modules.json", failure.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Without(string path) => Repository.Where(other => other != path);

    private static ModelFiles Select(IEnumerable<string> available, string? variant = null, ModelModule[]? modules = null) =>
        ModelFileSelection.Select(available.ToHashSet(), modules ?? MeanPooled, variant);
}
