using ActorEmbed.Inference.Devices;
using ActorEmbed.Inference.Graphs;

namespace ActorEmbed.Inference.Tests.Devices;

public sealed class CoreMlProviderTests
{
    [Fact]
    public void What_CoreML_makes_of_a_graph_has_a_place_for_each_shape_beside_the_graph()
    {
        using var folder = TestDirectory.Create();
        var graph = Path.Combine(folder.Path, "model.onnx");

        var places = new[] { new FixedShape(1, 32), new FixedShape(8, 128) }.Select(shape => CoreMlProvider.CacheOf(graph, shape)).ToList();

        Assert.Equal([Path.Combine(folder.Path, "coreml-1x32"), Path.Combine(folder.Path, "coreml-8x128")], places);
        Assert.All(places, place => Assert.True(Directory.Exists(place)));
    }

    [Fact]
    public void Where_nothing_can_be_written_it_is_made_again_at_every_start()
    {
        using var folder = TestDirectory.Create();
        var file = Path.Combine(folder.Path, "a-file");
        File.WriteAllText(file, "");

        Assert.Null(CoreMlProvider.CacheOf(Path.Combine(file, "model.onnx"), new FixedShape(1, 32)));
        Assert.Null(CoreMlProvider.CacheOf(Path.Combine(folder.Path, "model.onnx"), shape: null));
    }
}
