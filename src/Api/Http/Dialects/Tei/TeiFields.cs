using System.Text.Json;
using ActorEmbed.Api.Http.Bodies;

namespace ActorEmbed.Api.Http.Dialects.Tei;

/// <summary>The fields that text-embeddings-inference has and others have not.</summary>
internal static class TeiFields
{
    public const string Inputs = "inputs";
    private const string TruncationDirection = "truncation_direction";

    /// <summary>
    /// Reads a field that would change the vectors, but that this server cannot honour: any value but the default is
    /// refused, not ignored.
    /// </summary>
    public static bool TryRefuse(string field, ref Utf8JsonReader reader)
    {
        switch (field)
        {
            case TruncationDirection:
                JsonFields.ReadOnly(ref reader, field, "right");
                return true;
            default:
                return false;
        }
    }
}
