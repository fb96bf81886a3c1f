using ActorEmbed.Inference.Compilation.Cache;

namespace ActorEmbed.Inference.Tests.Compilation;

public sealed class CompiledModelRootsTests
{
    [Fact]
    public void A_compiled_model_lies_beside_its_model() =>
        Assert.Equal("/models/mine/.actorembed", CompiledModelRoots.For("/models/mine")[0]);

    [Fact]
    public void A_snapshot_of_the_hugging_face_cache_is_left_as_it_is() =>
        Assert.Equal(
            "/hub/models--org--name/.actorembed",
            CompiledModelRoots.For("/hub/models--org--name/snapshots/0123abcd/0_Transformer")[0]);
}
