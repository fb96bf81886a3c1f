using System.Net.Mime;
using Microsoft.Net.Http.Headers;

namespace ActorEmbed.Api.Http.Answers;

/// <summary>Which form of answer a caller prefers (RFC 9110, section 12.5.1).</summary>
internal static class AcceptHeader
{
    private static readonly MediaTypeHeaderValue Json = new(MediaTypeNames.Application.Json);
    private static readonly MediaTypeHeaderValue Bytes = new(MediaTypeNames.Application.Octet);

    /// <summary>Whether bytes have a higher quality than JSON. Nothing said, <c>*/*</c>, or a tie means JSON.</summary>
    public static bool PrefersBytes(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var accepted))
            return false;
        return QualityOf(Bytes, accepted) > QualityOf(Json, accepted);
    }

    /// <summary>Whether HTML is named, as browsers do when they open a page. Nothing said, or <c>*/*</c>, names none.</summary>
    public static bool NamesHtml(HttpRequest request) =>
        MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var accepted)
        && accepted.Any(range => range.MediaType.Equals(MediaTypeNames.Text.Html, StringComparison.OrdinalIgnoreCase) && range.Quality is not 0);

    /// <summary>The quality that the most specific matching range gives a type; 0 when none matches.</summary>
    private static double QualityOf(MediaTypeHeaderValue type, IEnumerable<MediaTypeHeaderValue> accepted) =>
        accepted.Where(type.IsSubsetOf)
            .OrderBy(range => range.MatchesAllTypes ? 2 : range.MatchesAllSubTypes ? 1 : 0)
            .Select(range => range.Quality ?? 1)
            .FirstOrDefault();
}
