using ActorEmbed.Api.Http.Answers;
using ActorEmbed.Api.Http.Errors;

namespace ActorEmbed.Api.Http.Dialects.OpenAi;

/// <summary>
/// <c>{"error":{"message","type","param","code"}}</c>, as OpenAI's SDKs read it. They repeat 408, 409, 429 and 5xx, and
/// know a wrong parameter as 400.
/// </summary>
internal sealed class OpenAiErrors : ErrorFormat
{
    public override int StatusOf(Failure failure) => failure switch
    {
        { IsOverload: true } => StatusCodes.Status429TooManyRequests,
        { Status: StatusCodes.Status422UnprocessableEntity } => StatusCodes.Status400BadRequest,
        _ => failure.Status,
    };

    public override Task WriteBodyAsync(HttpContext context, Failure failure) => context.Response.WriteAsJsonAsync(
        new
        {
            error = new
            {
                message = failure.Message,
                type = TypeOf(failure),
                param = failure.Index is null ? failure.Field : $"{failure.Field}[{failure.Index}]",
                code = CodeOf(failure),
            },
        },
        DialectJson.Options,
        context.RequestAborted);

    private static string TypeOf(Failure failure) => failure switch
    {
        { IsOverload: true } => "requests",
        { Status: >= 500 } => "server_error",
        _ => "invalid_request_error",
    };

    private static string? CodeOf(Failure failure) => failure switch
    {
        { IsOverload: true } => "rate_limit_exceeded",
        { IsTooLong: true } => "context_length_exceeded",
        { Status: StatusCodes.Status401Unauthorized } => "invalid_api_key",
        { Status: StatusCodes.Status404NotFound, Field: "model" } => "model_not_found",
        { Status: StatusCodes.Status404NotFound } => "unknown_url",
        _ => null,
    };
}
