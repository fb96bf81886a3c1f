using ActorEmbed.Client;

namespace ActorEmbed.Documents.Tests.Snippets;

internal static class Sidecar
{
    public static async Task<float[][]> RunAsync()
    {
        #region shown
        await using var sidecar = new ActorEmbedSidecar(new() { Port = 0 });   // 0: a free port
        await sidecar.StartAsync();                                            // completes when the server can embed
        using var client = sidecar.CreateClient();                             // follows the sidecar across restarts
        float[][] vectors = await client.EmbedBatchAsync(["text1", "text2"]);
        #endregion
        return vectors;
    }
}
