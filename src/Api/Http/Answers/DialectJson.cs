using System.Text.Encodings.Web;
using System.Text.Json;

namespace ActorEmbed.Api.Http.Answers;

/// <summary>How other servers' JSON is written: each field as it is named, null where there is no value.</summary>
internal static class DialectJson
{
    /// <summary>
    /// Quotes and letters of other scripts stand as they are: the answers are JSON and never part of a page.
    /// </summary>
    public static readonly JavaScriptEncoder Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { Encoder = Encoder };
}
