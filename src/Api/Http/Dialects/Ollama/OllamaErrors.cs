using ActorEmbed.Api.Http.Answers;
using ActorEmbed.Api.Http.Errors;

namespace ActorEmbed.Api.Http.Dialects.Ollama;

/// <summary><c>{"error":"..."}</c>, with 400 for whatever is wrong with a request. Overload is 503, as Ollama has it.</summary>
internal sealed class OllamaErrors : ErrorFormat
{
    public override int StatusOf(Failure failure) =>
        failure.Status == StatusCodes.Status422UnprocessableEntity ? StatusCodes.Status400BadRequest : failure.Status;

    public override Task WriteBodyAsync(HttpContext context, Failure failure) =>
        context.Response.WriteAsJsonAsync(new { error = failure.Message }, DialectJson.Options, context.RequestAborted);
}
