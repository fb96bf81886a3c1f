namespace ActorEmbed.Api.Http.Errors;

/// <summary>How a dialect tells a failure: its status code and its body.</summary>
internal abstract class ErrorFormat
{
    /// <summary>The status that the dialect's clients know; by default the one of <c>/embed</c>.</summary>
    public virtual int StatusOf(Failure failure) => failure.Status;

    /// <summary>Writes the body; the status has been set.</summary>
    public abstract Task WriteBodyAsync(HttpContext context, Failure failure);
}
