using System.Globalization;
using ActorEmbed.Actors.Messages;
using ActorEmbed.Inference;

namespace ActorEmbed.Api.Http.Dialects.Tei;

/// <summary>What text-embeddings-inference tells of a request in headers: counts, and times in milliseconds.</summary>
internal static class TeiHeaders
{
    public static void Add(HttpResponse response, IReadOnlyList<EmbeddingInput> texts, TextsEmbedded embedded) =>
        Add(response, CharactersOf(texts), embedded.TotalTokens, embedded.WaitTime, embedded.InferenceTime);

    public static void Add(HttpResponse response, IReadOnlyList<EmbeddingInput> texts, TokensEmbedded embedded) =>
        Add(response, CharactersOf(texts), embedded.TotalTokens, embedded.WaitTime, embedded.InferenceTime);

    public static void Add(HttpResponse response, string query, IReadOnlyList<EmbeddingInput> texts, TextsRanked ranked) =>
        Add(response, CharactersOf(texts) + ((long)texts.Count * query.Length), ranked.TotalTokens, ranked.WaitTime, ranked.InferenceTime);

    private static long CharactersOf(IReadOnlyList<EmbeddingInput> texts) => texts.Sum(text => (long)(text.Text?.Length ?? 0));

    private static void Add(HttpResponse response, long characters, long tokens, TimeSpan wait, TimeSpan inference)
    {
        Set("x-compute-characters", characters);
        Set("x-compute-tokens", tokens);
        Set("x-total-time", (wait + inference).TotalMilliseconds);
        Set("x-queue-time", wait.TotalMilliseconds);
        Set("x-inference-time", inference.TotalMilliseconds);

        void Set(string name, double value) => response.Headers[name] = Math.Round(value).ToString(CultureInfo.InvariantCulture);
    }
}
