using ActorEmbed.Inference;

namespace ActorEmbed.Documents.Tests.Snippets;

internal static class ChunksOfADocument
{
    public static List<string> Cut(EmbeddingTokenizer tokenizer, string document)
    {
        #region shown
        // EmbeddingTokenizer tokenizer, from the services of the host
        var chunks = new List<string>();
        for (var start = 0; start < document.Length;)
        {
            var rest = document.AsSpan(start);
            var end = tokenizer.GetIndexByTokenCount(rest, tokenizer.MaxTokensOfText, out _, out _);
            var space = end < rest.Length ? rest[..end].LastIndexOf(' ') : -1;
            chunks.Add(rest[..(space > 0 ? space + 1 : end)].ToString());
            start += chunks[^1].Length;
        }
        #endregion
        return chunks;
    }
}
