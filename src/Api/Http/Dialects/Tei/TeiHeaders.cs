using System.Globalization;
using ActorEmbed.Actors.Messages;
using ActorEmbed.Inference;

namespace ActorEmbed.Api.Http.Dialects.Tei;

/// <summary>What text-embeddings-inference tells of a request in headers: counts, and times in milliseconds.</summary>
internal static class TeiHeaders
{
    public static void Add(HttpResponse response, IReadOnlyList<EmbeddingInput> texts, TextsEmbedded embedded)
    {
        Set("x-compute-characters", texts.Sum(text => (long)(text.Text?.Length ?? 0)));
        Set("x-compute-tokens", embedded.TotalTokens);
        Set("x-total-time", (embedded.WaitTime + embedded.InferenceTime).TotalMilliseconds);
        Set("x-queue-time", embedded.WaitTime.TotalMilliseconds);
        Set("x-inference-time", embedded.InferenceTime.TotalMilliseconds);

        void Set(string name, double value) => response.Headers[name] = Math.Round(value).ToString(CultureInfo.InvariantCulture);
    }
}
