using ActorEmbed.Inference;
using ActorEmbed.Inference.Hub;
using ActorEmbed.Inference.Loading;

namespace ActorEmbed.Documents.Tests.Snippets;

internal static class ModelAlone
{
    public static IReadOnlyList<TextEmbedding> Embed()
    {
        #region shown
        using var model = ModelLoader.Load(EmbeddedModel.Directory);   // or any directory of a sentence-transformers model
        var vectors = model.Embed(["some text", "ein Text"]);
        #endregion
        return vectors;
    }
}
