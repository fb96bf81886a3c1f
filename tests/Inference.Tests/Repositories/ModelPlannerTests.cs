using ActorEmbed.Inference.Repositories;
using ActorEmbed.Inference.Tokenization;
using Google.Protobuf;

namespace ActorEmbed.Inference.Tests.Repositories;

public sealed class ModelPlannerTests
{
    private const string Xlmr = """
        {"model_type":"xlm-roberta","hidden_size":768,"num_attention_heads":12,"num_hidden_layers":12,"intermediate_size":3072,
         "vocab_size":250002,"max_position_embeddings":514}
        """;

    private const string Modules = """
        [{"path":"","type":"sentence_transformers.models.Transformer"},{"path":"1_Pooling","type":"sentence_transformers.models.Pooling"}]
        """;

    private const string MeanPooling = """{"word_embedding_dimension":768,"pooling_mode_mean_tokens":true}""";

    /// <summary>The repository of the production model, and files that others of its kind have.</summary>
    private static readonly string[] Names =
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
        var plan = Plan(Repository());

        Assert.Equal(
            [
                "modules.json", "config.json", "1_Pooling/config.json", "sentence_bert_config.json",
                "config_sentence_transformers.json", "tokenizer_config.json", "special_tokens_map.json",
                "sentencepiece.bpe.model", "model.safetensors",
            ], plan.Paths);
        Assert.True(plan.IsRunnable);
        Assert.Empty(plan.Absent);
        Assert.Equal("compiled from model.safetensors", plan.Weights!.ToString());
    }

    [Fact]
    public void Every_file_that_the_tokenizer_reads_is_fetched()
    {
        var files = Repository();
        foreach (var name in TokenizerConfig.FileNames)
            files.Put(name, "{}");

        Assert.Empty(TokenizerConfig.FileNames.Except(Plan(files).Paths));
    }

    [Fact]
    public void What_decides_is_asked_for_step_by_step_and_nothing_large_is()
    {
        var files = new MemoryFiles(Names);

        Assert.Equal(["modules.json"], Plan(files).Unread);
        Assert.Equal(["config.json", "1_Pooling/config.json", "tokenizer_config.json"], Plan(files.Put("modules.json", Modules)).Unread);
        files.Put("config.json", """{"model_type":"mpnet"}""").Put("1_Pooling/config.json", MeanPooling).Put("tokenizer_config.json", "{}");
        var plan = Plan(files.Put("onnx/model.onnx_data", []));

        Assert.Equal(["onnx/model.onnx"], plan.Unread);
        Assert.Equal(["onnx/model.onnx_data"], plan.Likely);
        Assert.DoesNotContain("model.safetensors", plan.Paths);
        Assert.Equal("runs onnx/model.onnx", plan.Weights!.ToString());
    }

    [Theory]
    [InlineData("O4", "onnx/model_O4.onnx")]
    [InlineData("qint8_avx512_vnni", "onnx/model_qint8_avx512_vnni.onnx")]
    public void A_variant_takes_the_place_of_the_weights(string variant, string expected)
    {
        var plan = Plan(Repository().Put(expected, GraphBytes.Encoder().ToByteArray()), variant);

        Assert.Equal(expected, plan.Paths[^1]);
        Assert.DoesNotContain("model.safetensors", plan.Paths);
        Assert.DoesNotContain("onnx/model.onnx", plan.Paths);
        Assert.Equal($"runs {expected}", plan.Weights!.ToString());
    }

    [Fact]
    public void A_variant_that_is_not_there_is_missing_even_if_other_weights_are() =>
        Assert.Equal(["onnx/model_O7.onnx"], Plan(Repository(), "O7").Missing);

    [Fact]
    public void The_variants_of_a_repository_are_named_wherever_they_lie() =>
        Assert.Equal(["O1", "O4", "optimized", "qint8_avx512_vnni"], GraphFiles.Variants(Repository().Put("model_optimized.onnx", []), ""));

    [Fact]
    public void A_graph_comes_with_every_file_that_it_names_and_last()
    {
        var graph = GraphBytes.Encoder();
        graph.Graph.Initializer.Add(GraphBytes.Tensor("weights", "model.onnx_data"));
        graph.Graph.Node.Add(GraphBytes.Constant("Constant_7_attr__value"));
        var files = Repository().Remove("model.safetensors").Put("onnx/model.onnx", graph.ToByteArray())
            .Put("onnx/model.onnx_data", []).Put("onnx/Constant_7_attr__value", []).Put("onnx/model_O4.onnx_data", []);

        var plan = Plan(files);

        Assert.Equal(["onnx/Constant_7_attr__value", "onnx/model.onnx_data", "onnx/model.onnx"], plan.Paths.TakeLast(3).OrderBy(path => path.EndsWith(".onnx", StringComparison.Ordinal)).ThenBy(path => path, StringComparer.Ordinal));
        Assert.Equal("onnx/model.onnx", plan.Paths[^1]);
        Assert.Equal(["model.safetensors", "model.safetensors.index.json"], plan.Absent);
        Assert.DoesNotContain("onnx/model_O4.onnx_data", plan.Paths);
        Assert.True(plan.IsRunnable);
    }

    [Fact]
    public void A_file_that_a_graph_names_and_nobody_has_is_missing()
    {
        var graph = GraphBytes.Encoder();
        graph.Graph.Initializer.Add(GraphBytes.Tensor("weights", "lost_data"));

        Assert.Equal(["onnx/lost_data (named by onnx/model.onnx)"], Plan(Repository().Remove("model.safetensors").Put("onnx/model.onnx", graph.ToByteArray())).Missing);
    }

    [Theory]
    [InlineData("../../../etc/passwd")]
    [InlineData("/etc/passwd")]
    public void A_graph_that_reaches_out_of_its_directory_is_refused(string location)
    {
        var graph = GraphBytes.Encoder();
        graph.Graph.Initializer.Add(GraphBytes.Tensor("weights", location));
        var files = Repository().Remove("model.safetensors").Put("onnx/model.onnx", graph.ToByteArray());

        Assert.Contains("outside", Assert.Throws<ModelLoadException>(() => Plan(files)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_graph_with_an_input_that_nobody_can_give_is_refused_by_its_name()
    {
        var files = Repository().Remove("model.safetensors").Put("onnx/model.onnx", GraphBytes.Encoder("input_ids", "past_key_values.0.key").ToByteArray());

        Assert.Contains("past_key_values.0.key", Plan(files).Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void A_graph_in_the_root_is_taken_when_there_is_no_other()
    {
        var files = Repository().Remove("model.safetensors").Remove("onnx/model.onnx").Put("model.onnx", GraphBytes.Encoder().ToByteArray());

        Assert.Equal("model.onnx", Plan(files).Paths[^1]);
    }

    [Fact]
    public void The_only_variant_of_a_repository_without_a_main_graph_is_taken()
    {
        var files = new MemoryFiles("config.json", "vocab.txt").Put("config.json", """{"model_type":"bert"}""")
            .Put("model_optimized.onnx", GraphBytes.Encoder().ToByteArray());

        Assert.Equal("runs model_optimized.onnx", Plan(files).Weights!.ToString());
    }

    [Fact]
    public void Several_variants_without_a_main_graph_are_a_choice_for_the_user()
    {
        var refusal = Plan(Repository().Remove("model.safetensors").Remove("onnx/model.onnx")).Refusal;

        Assert.Contains("O1, O4, qint8_avx512_vnni", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void A_family_that_is_not_compiled_and_has_no_graph_is_refused_with_those_that_are()
    {
        var files = new MemoryFiles("config.json", "vocab.txt", "model.safetensors").Put("config.json", """{"model_type":"deberta-v2"}""");

        var refusal = Plan(files).Refusal;

        Assert.Contains("'deberta-v2'", refusal, StringComparison.Ordinal);
        Assert.Contains("xlm-roberta", refusal, StringComparison.Ordinal);
        Assert.Contains("onnx/model.onnx", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_that_can_hold_code_are_no_weights()
    {
        var files = new MemoryFiles("config.json", "vocab.txt", "pytorch_model.bin").Put("config.json", Xlmr);

        Assert.Contains("refs/pr/N", Plan(files).Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_in_several_files_are_those_that_their_index_names()
    {
        var files = Repository().Remove("model.safetensors").Put("model.safetensors.index.json", """
            {"metadata":{"total_size":1},"weight_map":{"a":"model-00002-of-00002.safetensors","b":"model-00001-of-00002.safetensors","c":"model-00002-of-00002.safetensors"}}
            """);

        Assert.Equal(["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"], Plan(files).Missing);
        files.Put("model-00001-of-00002.safetensors", []).Put("model-00002-of-00002.safetensors", []);
        var plan = Plan(files);

        Assert.Contains("model.safetensors.index.json", plan.Paths);
        Assert.Equal(["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"], plan.Paths.TakeLast(2));
        Assert.Equal("compiled from 2 safetensors files", plan.Weights!.ToString());
        Assert.True(plan.IsRunnable);
    }

    [Theory]
    [InlineData("""{"weight_map":{"a":"../model.safetensors"}}""")]
    [InlineData("""{"weight_map":{}}""")]
    [InlineData("""{"weight_map":{"a":1}}""")]
    [InlineData("{}")]
    public void A_damaged_index_is_an_error_that_names_it(string index)
    {
        var files = Repository().Remove("model.safetensors").Put("model.safetensors.index.json", index);

        Assert.Contains("index.json", Assert.Throws<ModelLoadException>(() => Plan(files)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_word_list_is_taken_as_tokenizer_and_the_large_file_only_beside_a_class_that_needs_it()
    {
        var files = Repository().Remove("sentencepiece.bpe.model").Put("vocab.txt", []);

        Assert.DoesNotContain("tokenizer.json", Plan(files.Put("tokenizer_config.json", """{"tokenizer_class":"BertTokenizerFast"}""")).Paths);
        Assert.Contains("tokenizer.json", Plan(files.Put("tokenizer_config.json", """{"tokenizer_class":"PreTrainedTokenizerFast"}""")).Paths);
    }

    [Fact]
    public void The_large_tokenizer_is_taken_when_there_is_no_smaller_one()
    {
        var plan = Plan(Repository().Remove("sentencepiece.bpe.model"));

        Assert.Contains("tokenizer.json", plan.Paths);
        Assert.Equal(["sentencepiece.bpe.model", "vocab.txt"], plan.Absent);
    }

    [Fact]
    public void A_model_without_tokenizer_is_not_usable() => Assert.Equal(
        ["sentencepiece.bpe.model, vocab.txt or tokenizer.json"],
        Plan(Repository().Remove("sentencepiece.bpe.model").Remove("tokenizer.json")).Missing);

    [Fact]
    public void A_module_that_is_not_supported_is_refused_before_anything_is_read_for_it()
    {
        var plan = Plan(new MemoryFiles(Names).Put("modules.json", """[{"path":"","type":"a.Transformer"},{"path":"1_CNN","type":"a.CNN"}]"""));

        Assert.Contains("'CNN'", plan.Refusal, StringComparison.Ordinal);
        Assert.Empty(plan.Unread);
    }

    [Fact]
    public void A_transformer_in_a_directory_of_its_own_is_taken_from_there()
    {
        var files = new MemoryFiles("0_Transformer/model.safetensors", "0_Transformer/vocab.txt", "0_Transformer/sentence_bert_config.json")
            .Put("modules.json", """[{"path":"0_Transformer","type":"a.Transformer"},{"path":"1_Pooling","type":"a.Pooling"}]""")
            .Put("0_Transformer/config.json", Xlmr).Put("1_Pooling/config.json", MeanPooling);

        var plan = Plan(files);

        Assert.Equal("0_Transformer", plan.TransformerPath);
        Assert.Equal(6, plan.Paths.Count);
        Assert.Equal("0_Transformer/model.safetensors", plan.Paths[^1]);
        Assert.True(plan.IsRunnable);
    }

    [Fact]
    public void A_module_outside_of_the_model_is_refused()
    {
        var files = new MemoryFiles().Put("modules.json", """[{"path":"../../secrets","type":"a.Transformer"}]""");

        Assert.Throws<ModelLoadException>(() => Plan(files));
    }

    [Fact]
    public void A_plain_transformer_has_no_modules()
    {
        var plan = Plan(new MemoryFiles("vocab.txt", "model.safetensors").Put("config.json", Xlmr));

        Assert.True(plan.IsRunnable);
        Assert.Equal(["modules.json"], plan.Absent);
    }

    [Theory]
    [InlineData("sentence_bert_config.json")]
    [InlineData("sentence_xlm-roberta_config.json")]
    public void The_maximal_length_is_taken_under_any_of_its_names(string name)
    {
        var plan = Plan(Repository().Remove("sentence_bert_config.json").Put(name, "{}"));

        Assert.Equal(name, plan.SentenceConfigPath);
        Assert.Contains(name, plan.Paths);
    }

    private static MemoryFiles Repository() => new MemoryFiles(Names).Put("modules.json", Modules).Put("config.json", Xlmr)
        .Put("1_Pooling/config.json", MeanPooling).Put("tokenizer_config.json", """{"tokenizer_class":"XLMRobertaTokenizer"}""")
        .Put("onnx/model.onnx", GraphBytes.Encoder().ToByteArray());

    private static ModelPlan Plan(MemoryFiles files, string? variant = null) => ModelPlanner.Plan(files, new ModelRequest("owner/model", variant));
}
