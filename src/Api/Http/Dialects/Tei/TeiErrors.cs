using ActorEmbed.Api.Http.Answers;
using ActorEmbed.Api.Http.Errors;

namespace ActorEmbed.Api.Http.Dialects.Tei;

/// <summary>
/// <c>{"error":"...","error_type":"..."}</c> with the status codes of text-embeddings-inference: 429 for overload, 413 for
/// a text that is too long, 424 where inference failed or the model is for something else.
/// </summary>
internal sealed class TeiErrors : ErrorFormat
{
    public static readonly TeiErrors Instance = new();

    public override int StatusOf(Failure failure) => failure switch
    {
        { IsOverload: true } => StatusCodes.Status429TooManyRequests,
        { IsTooLong: true } => StatusCodes.Status413PayloadTooLarge,
        { IsInference: true } or { IsWrongKind: true } => StatusCodes.Status424FailedDependency,
        _ => failure.Status,
    };

    public override Task WriteBodyAsync(HttpContext context, Failure failure) => context.Response.WriteAsJsonAsync(
        new { error = failure.Message, error_type = TypeOf(failure) }, DialectJson.Options, context.RequestAborted);

    private static string TypeOf(Failure failure) => failure switch
    {
        { IsOverload: true } => "Overloaded",
        { Status: StatusCodes.Status503ServiceUnavailable } => "Unhealthy",
        { Status: >= 500 } or { IsWrongKind: true } => "Backend",
        _ => "Validation",
    };
}
