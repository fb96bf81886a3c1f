using ActorEmbed.Api.Http.Answers;
using ActorEmbed.Api.Http.Errors;

namespace ActorEmbed.Api.Http.Dialects.Cohere;

/// <summary>
/// <c>{"message":"...","detail":"..."}</c>: Cohere's clients read the one and Jina's the other. Both know overload as 429.
/// </summary>
internal sealed class CohereErrors : ErrorFormat
{
    public override int StatusOf(Failure failure) => failure.IsOverload ? StatusCodes.Status429TooManyRequests : failure.Status;

    public override Task WriteBodyAsync(HttpContext context, Failure failure) => context.Response.WriteAsJsonAsync(
        new { message = failure.Message, detail = failure.Message }, DialectJson.Options, context.RequestAborted);
}
