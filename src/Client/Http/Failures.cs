using System.Globalization;
using System.Net;
using System.Text;
using ActorEmbed.Client.Vectors;
using Polly.Timeout;

namespace ActorEmbed.Client.Http;

/// <summary>The one place where what went wrong below becomes an <see cref="ActorEmbedException"/>.</summary>
internal static class Failures
{
    // Enough of an error's body for any message that a server means to be read.
    private const int LongestBodyChars = 65_536;

    /// <summary>Null for what is not a failure of the exchange, such as the caller's cancellation.</summary>
    public static ActorEmbedException? Of(Exception exception, HttpRequestMessage request, TimeSpan timeout)
    {
        var attempts = Attempts.Of(request);
        var target = $"{request.Method} {request.RequestUri}";
        return exception switch
        {
            TimeoutRejectedException or TimeoutException => new ActorEmbedException(ActorEmbedErrorCode.Timeout,
                $"{target} had no complete answer within {timeout.TotalMilliseconds.ToString(CultureInfo.InvariantCulture)} ms.", exception)
            { Attempts = attempts },
            SidecarDownException => new ActorEmbedException(ActorEmbedErrorCode.NetworkError, exception.Message, exception) { Attempts = attempts },
            HttpRequestException failure when RetryRules.IsUnusable(failure) => new ActorEmbedException(ActorEmbedErrorCode.ParseError,
                $"{target} was not answered in HTTP of a usable size: {failure.Message}", exception)
            { Attempts = attempts },
            HttpRequestException or IOException => new ActorEmbedException(ActorEmbedErrorCode.NetworkError,
                $"{target} failed: {Innermost(exception).Message}", exception)
            { Attempts = attempts },
            _ => null,
        };
    }

    public static ActorEmbedException Of(HttpResponseMessage response, byte[] content, HttpRequestMessage request, TimeProvider time)
    {
        var body = Encoding.UTF8.GetString(content.AsSpan(0, Math.Min(content.Length, LongestBodyChars)));
        var status = (int)response.StatusCode;
        var isWrongModel = response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.UnprocessableEntity && Reasons.FieldOf(body) == EmbedWish.ModelField;
        var reason = Reasons.Of(body);
        return new ActorEmbedException(
            isWrongModel ? ActorEmbedErrorCode.WrongModel : ActorEmbedErrorCode.HttpError,
            $"{request.Method} {request.RequestUri} was answered with {status}{(reason.Length == 0 ? "." : $": {reason}")}")
        {
            Status = status,
            Body = body,
            Attempts = Attempts.Of(request),
            RetryAfter = RetryRules.RetryAfter(response, time),
        };
    }

    public static ActorEmbedException WrongModel(string wanted, string running, string results = "vectors") =>
        new(ActorEmbedErrorCode.WrongModel, $"The server runs the model '{running}', not '{wanted}'; its {results} are not used.");

    public static ActorEmbedException Unusable(string what, HttpRequestMessage request, Exception? cause) =>
        new(ActorEmbedErrorCode.ParseError, $"The answer to {request.Method} {request.RequestUri} is not usable: {what}.", cause)
        {
            Status = (int)HttpStatusCode.OK,
            Attempts = Attempts.Of(request),
        };

    private static Exception Innermost(Exception exception) => exception.GetBaseException();
}
