using ActorEmbed.Api.Http.Errors;

namespace ActorEmbed.Api.Http.Dialects.Tei;

/// <summary>
/// Answers that may be as large as the largest bodies, and that a caller may read slowly: what all of them hold together is bounded,
/// and each gets no more time than it takes to read it at a decent pace.
/// </summary>
internal sealed class LargeAnswers(Problems problems, ServerOptions options, TimeProvider time)
{
    // As with bodies: small answers are written however many large ones are being read.
    private const int FreeBytes = 64_000;

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly ByteBudget _budget = new(options.MaxBodyBytesInTotal);

    /// <summary>Bytes that wait for callers to read them.</summary>
    public long TakenBytes => _budget.TakenBytes;

    /// <summary>Has an answer written, or refuses to.</summary>
    /// <param name="context">The request.</param>
    /// <param name="size">What the answer holds until it is written, in bytes.</param>
    /// <param name="write">Writes it.</param>
    public async Task WriteAsync(HttpContext context, long size, Func<Task> write)
    {
        var bytes = Math.Max(0, size - FreeBytes);
        if (bytes > options.MaxBodyBytesInTotal)
        {
            await problems.WriteAsync(context, new Failure(
                StatusCodes.Status413PayloadTooLarge, $"The answer has {size} bytes in memory, which is more than this server ever holds; send several requests."));
            return;
        }

        if (!_budget.TryTake(bytes))
        {
            await problems.WriteAsync(context, new Failure(StatusCodes.Status503ServiceUnavailable, "Too many large answers are being read; try again later.")
            {
                IsOverload = true,
                RetryAfter = RetryAfter,
            });
            return;
        }

        try
        {
            using var deadline = time.CreateTimer(_ => context.Abort(), null, options.BodyTimeout, Timeout.InfiniteTimeSpan);
            await write();
        }
        finally
        {
            _budget.Release(bytes);
        }
    }
}
