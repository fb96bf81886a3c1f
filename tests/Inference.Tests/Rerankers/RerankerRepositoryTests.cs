using ActorEmbed.Inference.Graphs.Onnx;
using ActorEmbed.Inference.Loading;
using ActorEmbed.Tests.Shared.Models;
using DataType = ActorEmbed.Inference.Graphs.Onnx.TensorProto.Types.DataType;

namespace ActorEmbed.Inference.Tests.Rerankers;

/// <summary>Which repositories are rerankers, and how they are run.</summary>
public sealed class RerankerRepositoryTests : IDisposable
{
    private readonly TestModels.TemporaryCopy _copy = TestModels.Copy(TestModels.Reranker("bert-tiny"));

    [Fact]
    public void A_repository_without_weights_is_scored_by_its_own_graph_with_types_and_padding()
    {
        File.Delete(_copy.Path("model.safetensors"));
        WriteGraph("logits");
        var pairs = ReferencePair.Of(_copy.Directory);
        using var model = ModelLoader.Load(_copy.Directory);

        var results = model.Embed([.. pairs.Select(pair => EmbeddingInput.FromPair(pair.Query, pair.Text))]);

        Assert.Equal(("runs onnx/model.onnx", ModelKind.Reranker), (model.Info.Source, model.Info.Kind));
        Assert.Equal(
            pairs.Select(pair => (float)pair.Ids.Zip(pair.TokenTypeIds!, (id, type) => id * (type + 1)).Sum()),
            results.Select(result => result.Vector[0]));
    }

    [Fact]
    public void A_graph_without_logits_is_refused_by_name()
    {
        File.Delete(_copy.Path("model.safetensors"));
        WriteGraph("output_0");

        Assert.Contains("no output 'logits'", Assert.Throws<ModelLoadException>(() => ModelLoader.Inspect(_copy.Directory)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_classifier_that_is_not_known_runs_by_its_own_graph()
    {
        _copy.Replace("config.json", "BertForSequenceClassification", "OtherForSequenceClassification");
        WriteGraph("logits");
        using var model = ModelLoader.Load(_copy.Directory);

        Assert.Equal("runs onnx/model.onnx", model.Info.Source);
    }

    [Fact]
    public void A_classifier_that_is_not_known_and_has_no_graph_is_refused_by_name()
    {
        _copy.Replace("config.json", "BertForSequenceClassification", "OtherForSequenceClassification");

        Assert.Contains("OtherForSequenceClassification", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_classifier_of_a_known_class_that_tells_texts_apart_by_types_that_its_graph_has_not_is_refused()
    {
        using var copy = TestModels.Copy(TestModels.Reranker("gte-new-tiny"));
        copy.Replace("config.json", "\"type_vocab_size\": 1", "\"type_vocab_size\": 2");

        Assert.Contains("NewForSequenceClassification", Assert.Throws<ModelLoadException>(() => ModelLoader.Load(copy.Directory)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"0": "LABEL_0", "1": "LABEL_1"}""", "with 2 labels")]
    [InlineData("null", "with 2 labels")]
    public void A_classifier_with_several_labels_is_neither_an_embedder_nor_a_reranker(string labels, string expected)
    {
        _copy.Replace("config.json", "\"id2label\": {\n    \"0\": \"LABEL_0\"\n  }", $"\"id2label\": {labels}");

        Assert.Contains(expected, Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void With_a_pooling_module_the_model_is_an_embedder_whatever_its_weights_were_trained_for()
    {
        Directory.CreateDirectory(_copy.Path("1_Pooling"));
        File.WriteAllText(_copy.Path("1_Pooling/config.json"), """{"word_embedding_dimension":48,"pooling_mode_mean_tokens":true}""");
        File.WriteAllText(_copy.Path("modules.json"), """[{"path":"","type":"x.Transformer"},{"path":"1_Pooling","type":"x.Pooling"}]""");
        using var model = ModelLoader.Load(_copy.Directory);

        Assert.Equal((ModelKind.Embedder, 48), (model.Info.Kind, model.Info.Dimensions));
    }

    [Theory]
    [InlineData("modules.json", """[{"path":"","type":"x.Transformer"}]""", "Identity")]
    [InlineData("other.json", "[]", "Sigmoid")]
    public void The_file_of_the_whole_model_names_the_activation_only_where_there_are_modules(string file, string content, string activation)
    {
        _copy.Replace("config.json", "\"activation_fn\"", "\"other\"");
        File.WriteAllText(_copy.Path("config_sentence_transformers.json"), """{"activation_fn": "torch.nn.modules.linear.Identity"}""");
        File.WriteAllText(_copy.Path(file), content);
        using var model = ModelLoader.Load(_copy.Directory);

        Assert.Equal(activation, model.Info.ScoreActivation.ToString());
    }

    [Fact]
    public void An_older_name_of_the_activation_counts_where_there_is_no_newer_one()
    {
        _copy.Replace("config.json", "\"sentence_transformers\": {", "\"sbert_ce_default_activation_function\": \"torch.nn.modules.linear.Identity\", \"other\": {");
        using var model = ModelLoader.Load(_copy.Directory);

        Assert.Equal(ScoreActivation.Identity, model.Info.ScoreActivation);
    }

    [Fact]
    public void An_activation_that_is_not_known_is_refused_by_name()
    {
        _copy.Replace("config.json", "torch.nn.modules.linear.Identity", "torch.nn.modules.activation.Softmax");

        Assert.Contains("activation.Softmax", Assert.Throws<ModelLoadException>(() => ModelLoader.Load(_copy.Directory)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_reranker_takes_no_pooling_from_its_user() => Assert.Contains(
        "it is a reranker",
        Assert.Throws<ModelLoadException>(() => ModelLoader.Load(_copy.Directory, new ModelOptions { Pooling = PoolingMode.Max })).Message,
        StringComparison.Ordinal);

    public void Dispose() => _copy.Dispose();

    private string Refusal() => Assert.Throws<ModelLoadException>(() => ModelLoader.Load(_copy.Directory)).Message;

    /// <summary>A graph whose logit is the sum of id * (type + 1) over the tokens that are no padding.</summary>
    private void WriteGraph(string output)
    {
        var graph = new OnnxGraph(largeTensors: null);
        var ids = Input("input_ids");
        var mask = Input("attention_mask");
        var weights = graph.Node("Add", Input("token_type_ids"), graph.Int64s(1));
        var sum = graph.Node("ReduceSum", graph.Node("Mul", graph.Node("Mul", ids, mask), weights), graph.Int64s(1));
        graph.Output(graph.Node(OnnxGraph.StandardDomain, "Cast", [sum], [OnnxGraph.Attribute("to", (long)DataType.Float)]), output, "B", "1");
        Directory.CreateDirectory(_copy.Path("onnx"));
        graph.Save(_copy.Path("onnx/model.onnx"), "1");

        string Input(string name) => graph.Input(name, DataType.Int64, "B", "S");
    }
}
