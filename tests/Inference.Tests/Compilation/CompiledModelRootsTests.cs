using ActorEmbed.Inference.Compilation.Cache;

namespace ActorEmbed.Inference.Tests.Compilation;

public sealed class CompiledModelRootsTests
{
    [Fact]
    public void A_compiled_model_lies_beside_its_model() =>
        Assert.Equal("/models/mine/.actorembed", CompiledModelRoots.For("/models/mine")[0]);

    [Theory]
    [InlineData("/Applications/Notes.app/Contents/Resources/models/mine", "/Applications/Notes.app/Contents/Resources/actorembed")]
    [InlineData("/Applications/Notes.app/Contents/Resources/models/mine", "/elsewhere")]
    [InlineData("/opt/notes/resources/models/mine", "/opt/notes/resources/actorembed")]
    [InlineData("/opt/notes/resources/models/mine", "/opt/notes/resources/app.asar.unpacked/node_modules/server/bin")]
    public void What_an_application_ships_is_left_as_it_is(string model, string program)
    {
        var roots = CompiledModelRoots.For(model, programDirectory: program);

        Assert.EndsWith(Path.Combine("actorembed", "compiled"), roots[0], StringComparison.Ordinal);
        Assert.DoesNotContain(roots, root => root.StartsWith(model, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/home/me/resources/mine", "/opt/server")]
    [InlineData("/opt/server/models/mine", "/opt/server")]
    [InlineData("/opt/server-models/mine", "/opt/server")]
    [InlineData("/home/me/Contents/mine", "/opt/server")]
    public void A_folder_that_only_sounds_like_an_application_is_none(string model, string program) =>
        Assert.Equal($"{model}/.actorembed", CompiledModelRoots.For(model, programDirectory: program)[0]);

    [Fact]
    public void The_place_that_is_named_is_the_only_one() =>
        Assert.Equal(["/compiled"], CompiledModelRoots.For("/models/mine", "/compiled"));

    [Fact]
    public void A_snapshot_of_the_hugging_face_cache_is_left_as_it_is() =>
        Assert.Equal(
            "/hub/models--org--name/.actorembed",
            CompiledModelRoots.For("/hub/models--org--name/snapshots/0123abcd/0_Transformer")[0]);
}
