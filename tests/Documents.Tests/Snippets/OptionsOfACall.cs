using Microsoft.Extensions.AI;

namespace ActorEmbed.Documents.Tests.Snippets;

internal static class OptionsOfACall
{
    public static async Task<GeneratedEmbeddings<Embedding<float>>> AskAsync(IEmbeddingGenerator<string, Embedding<float>> generator)
    {
        #region shown
        var query = await generator.GenerateAsync(["some question"], new EmbeddingGenerationOptions
        {
            Dimensions = 8,                                  // so many first components, scaled to length 1
            AdditionalProperties = new()
            {
                ["input_type"] = "query",                    // or "document"; or the name of a prompt: ["prompt_name"] = "..."
                ["truncate"] = false,                        // a text that is too long is refused, not cut
            },
        });
        #endregion
        return query;
    }
}
