using ActorEmbed.Inference.Encoders;
using ActorEmbed.Inference.Graphs.Onnx;
using ActorEmbed.Inference.Tests.Compilation;
using Google.Protobuf;

namespace ActorEmbed.Inference.Tests.Encoders;

public sealed class PackedSessionsTests
{
    private readonly LogLines _log = new();

    [Fact]
    public void A_second_session_that_cannot_be_opened_is_told_and_the_first_serves_on()
    {
        using var model = new SeededModel(layers: 1, hidden: 128, feedForward: 256);
        var directory = Compile(model);
        using var sessions = new PackedSessions(Path.Combine(directory, "model.onnx"), threads: 2, _log);
        File.Delete(Path.Combine(directory, "model.onnx"));

        Assert.ThrowsAny<Exception>(sessions.WaitForAllThreads);

        Assert.Same(sessions.SingleThreaded, sessions.AllThreads);
        Assert.Contains("one core", Assert.Single(_log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public void A_graph_that_is_damaged_keeps_its_files_free_and_tells_where_it_failed()
    {
        using var model = new SeededModel(layers: 1, hidden: 128, feedForward: 256);
        var directory = Compile(model);
        var path = Path.Combine(directory, "model.onnx");
        var graph = ModelProto.Parser.ParseFrom(File.ReadAllBytes(path));
        graph.Graph.Initializer.First(tensor => tensor.ExternalData.Count > 0).ExternalData.Single(entry => entry.Key == "offset").Value = "99999999";
        File.WriteAllBytes(path, graph.ToByteArray());

        var error = Assert.Throws<InvalidDataException>(() => new PackedSessions(path, threads: 2));

        Assert.Contains("outside", error.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(MappedWeights), error.StackTrace, StringComparison.Ordinal);
        // On Windows a file that is still mapped cannot be truncated.
        File.WriteAllBytes(Path.Combine(directory, "weights.bin"), []);
    }

    private static string Compile(SeededModel model)
    {
        CompiledModels.Open(model).Dispose();
        return Directory.GetDirectories(Path.Combine(model.Directory, ".actorembed")).Single();
    }
}
