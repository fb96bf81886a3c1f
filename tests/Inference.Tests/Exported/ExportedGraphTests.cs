using ActorEmbed.Inference.Loading;
using ActorEmbed.Inference.Tests.Compilation;

namespace ActorEmbed.Inference.Tests.Exported;

/// <summary>Repositories that hold nothing but an exported graph are compiled from the weights in it.</summary>
public sealed class ExportedGraphTests
{
    private const string Compiled = "compiled from onnx/model.onnx", Runs = "runs onnx/model.onnx";

    // What two exact fp32 implementations may differ by.
    private const float Tolerance = 2e-5f;

    private readonly LogLines _log = new();

    [Theory]
    [InlineData("families/bert-dense-tiny", ExportStyle.Numbered)]
    [InlineData("families/bert-dense-tiny", ExportStyle.Named)]
    [InlineData("families/bert-dense-tiny", ExportStyle.Fused)]
    [InlineData("families/distilbert-dense-tiny", ExportStyle.Numbered)]
    [InlineData("families/distilbert-dense-tiny", ExportStyle.Named)]
    [InlineData("families/mpnet-tiny", ExportStyle.Numbered)]
    [InlineData("families/mpnet-tiny", ExportStyle.Named)]
    [InlineData("families/roberta-prefix-tiny", ExportStyle.Numbered)]
    [InlineData("families/roberta-prefix-tiny", ExportStyle.Named)]
    [InlineData("xlmr-tiny", ExportStyle.Numbered)]
    [InlineData("xlmr-tiny", ExportStyle.Named)]
    public void A_graph_without_safetensors_is_compiled_and_gives_the_vectors_of_the_reference(string name, ExportStyle style)
    {
        using var repository = new ExportedRepository(name, style);
        using var model = Load(repository);

        Assert.Equal(Compiled, model.Info.Source);
        Assert.All(repository.Rows, row => Assert.True(Difference(row.Vector, Embed(model, row.Text)) < Tolerance, $"{row.Text.Length} characters"));
    }

    [Fact]
    public void A_graph_that_computes_something_else_runs_as_it_is_and_the_log_says_so()
    {
        using var repository = new ExportedRepository("families/roberta-prefix-tiny", ExportStyle.Numbered, approximates: true);
        using var model = Load(repository);

        Assert.Equal(Runs, model.Info.Source);
        Assert.Contains(_log.Lines, line => line.Contains("of their length from those of the graph", StringComparison.Ordinal));
        Assert.Contains(repository.Rows, row => Difference(row.Vector, Embed(model, row.Text)) > Tolerance);
    }

    [Theory]
    [InlineData("\"num_hidden_layers\":", "\"num_hidden_layers\":1,\"unused\":")]
    [InlineData("\"max_position_embeddings\":", "\"max_position_embeddings\":77,\"unused\":")]
    public void A_graph_that_is_not_what_its_configuration_says_runs_as_it_is(string stated, string instead)
    {
        using var repository = new ExportedRepository("xlmr-tiny", ExportStyle.Named);
        var config = Path.Combine(repository.Directory, "config.json");
        var text = File.ReadAllText(config).Replace("\": ", "\":", StringComparison.Ordinal);
        Assert.Contains(stated, text, StringComparison.Ordinal);
        File.WriteAllText(config, text.Replace(stated, instead, StringComparison.Ordinal));

        Assert.Equal(Runs, ModelLoader.Inspect(repository.Directory).Source);
        using var model = Load(repository);
        Assert.Equal(Runs, model.Info.Source);
    }

    [Fact]
    public void The_data_file_of_a_graph_belongs_to_what_a_compiled_model_is_known_by()
    {
        using var repository = new ExportedRepository("xlmr-tiny", ExportStyle.Numbered);
        Load(repository).Dispose();
        var data = Path.Combine(repository.Directory, "onnx", "model.onnx_data");
        var bytes = File.ReadAllBytes(data);
        // A bit of the last weight.
        bytes[^2] ^= 1;
        File.WriteAllBytes(data, bytes);

        Load(repository).Dispose();

        Assert.Equal(2, _log.Lines.Count(line => line.Contains("Compiling the model", StringComparison.Ordinal)));
    }

    private static float Difference(float[] expected, float[] vector) => expected.Zip(vector, (a, b) => MathF.Abs(a - b)).Max();

    private static float[] Embed(IEmbeddingModel model, string text) => model.Embed([text])[0].Vector;

    private IEmbeddingModel Load(ExportedRepository repository) => ModelLoader.Load(repository.Directory, new ModelOptions { Threads = 2 }, _log);
}
