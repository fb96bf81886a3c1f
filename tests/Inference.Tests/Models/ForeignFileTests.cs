using System.Diagnostics;
using ActorEmbed.Inference.Loading;
using ActorEmbed.Inference.Tests.Compilation;

namespace ActorEmbed.Inference.Tests.Models;

/// <summary>A model that is damaged or put together of two is one line that names the file, at once.</summary>
public sealed class ForeignFileTests : IDisposable
{
    private readonly TemporaryCopy _model = new(TinyModel.Directory);

    // Where both are there, the other one is read.
    public ForeignFileTests() => File.Delete(Path.Combine(_model.Path, "tokenizer.json"));

    public void Dispose() => _model.Dispose();

    [Fact]
    public void A_tokenizer_with_more_tokens_than_the_table_has_rows_is_refused()
    {
        Restate("\"vocab_size\": 8002", "\"vocab_size\": 8001");

        Assert.Contains("8002", ErrorOfLoading().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_cause_is_told_and_not_what_is_missing_for_the_graph_that_would_serve_instead()
    {
        Restate("\"hidden_act\": \"gelu\"", "\"hidden_act\": \"gelu_new\"");
        foreach (var graph in Directory.GetFiles(_model.Path, "*.onnx", SearchOption.AllDirectories))
            File.Delete(graph);

        var message = ErrorOfLoading().Message;

        Assert.Contains("gelu_new", message, StringComparison.Ordinal);
        Assert.Contains("model.safetensors", message, StringComparison.Ordinal);
    }

    [LinuxTheory]
    [InlineData("config.json")]
    [InlineData("tokenizer_config.json")]
    [InlineData("sentencepiece.bpe.model")]
    [InlineData("modules.json")]
    public void A_file_that_is_a_link_to_an_endless_device_is_refused(string name)
    {
        File.Delete(Path.Combine(_model.Path, name));
        File.CreateSymbolicLink(Path.Combine(_model.Path, name), "/dev/zero");

        Assert.Contains(name, ErrorOfLoading().Message, StringComparison.Ordinal);
    }

    [LinuxTheory]
    [InlineData("config.json")]
    [InlineData("sentencepiece.bpe.model")]
    [InlineData("model.safetensors")]
    public void A_file_that_is_a_pipe_is_refused_and_not_waited_for(string name)
    {
        var path = Path.Combine(_model.Path, name);
        File.Delete(path);
        using (var make = Process.Start("mkfifo", [path]))
            make.WaitForExit();

        Assert.Contains(name, ErrorOfLoading().Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("config.json")]
    [InlineData("tokenizer_config.json")]
    [InlineData("sentencepiece.bpe.model")]
    public void A_small_file_that_is_absurdly_large_is_refused_unread(string name)
    {
        using (var stream = new FileStream(Path.Combine(_model.Path, name), FileMode.Create))
            stream.SetLength(3_000_000_000);

        Assert.Contains("3000000000", ErrorOfLoading().Message, StringComparison.Ordinal);
    }

    private ModelLoadException ErrorOfLoading()
    {
        var error = Assert.Throws<ModelLoadException>(() => ModelLoader.Load(_model.Path, new ModelOptions { Threads = 1 }));
        Assert.DoesNotContain('\n', error.Message);
        return error;
    }

    private void Restate(string stated, string instead)
    {
        var path = Path.Combine(_model.Path, "config.json");
        var config = File.ReadAllText(path);
        Assert.Contains(stated, config, StringComparison.Ordinal);
        File.WriteAllText(path, config.Replace(stated, instead, StringComparison.Ordinal));
    }
}
