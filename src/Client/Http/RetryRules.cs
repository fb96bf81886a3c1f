using System.Net;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace ActorEmbed.Client.Http;

/// <summary>The contract's rule: connection failures and 5xx may pass by themselves, everything else would fail again.</summary>
internal static class RetryRules
{
    public static void AddRetries(ResiliencePipelineBuilder<HttpResponseMessage> builder, ActorEmbedClientOptions options, TimeProvider time)
    {
        builder.TimeProvider = time;
        // Polly has no strategy of zero retries.
        if (options.RetryAttempts == 0)
            return;
        builder.AddRetry(new RetryStrategyOptions<HttpResponseMessage>
        {
            Name = "ActorEmbed-Retry",
            MaxRetryAttempts = options.RetryAttempts,
            Delay = options.RetryDelay,
            BackoffType = DelayBackoffType.Constant,
            ShouldHandle = retry => ValueTask.FromResult(
                !Attempts.IsAskedOnce(retry.Context.GetRequestMessage()) && MayPass(retry.Outcome, options.LongestRetryAfter, time)),
            DelayGenerator = retry => ValueTask.FromResult(retry.Outcome.Result is { } response ? RetryAfter(response, time) : null),
        });
    }

    public static void AddTimeout(ResiliencePipelineBuilder<HttpResponseMessage> builder, ActorEmbedClientOptions options, TimeProvider time)
    {
        builder.TimeProvider = time;
        builder.AddTimeout(new TimeoutStrategyOptions { Name = "ActorEmbed-AttemptTimeout", Timeout = options.Timeout });
    }

    /// <summary>What the server asked for, from either form of the header: seconds, or a date.</summary>
    public static TimeSpan? RetryAfter(HttpResponseMessage response, TimeProvider time)
    {
        var wait = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - time.GetUtcNow(),
            _ => (TimeSpan?)null,
        };
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }

    /// <summary>Whether bytes came that are no answer, so that the next try would bring the same.</summary>
    public static bool IsUnusable(HttpRequestException failure) =>
        failure.HttpRequestError is HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded;

    private static bool MayPass(Outcome<HttpResponseMessage> outcome, TimeSpan longestRetryAfter, TimeProvider time) => outcome switch
    {
        // Trying earlier than the server said is useless, and a longer wait is not what a caller expects.
        { Result: { StatusCode: >= HttpStatusCode.InternalServerError } response } => RetryAfter(response, time) is not { } wait || wait <= longestRetryAfter,
        { Exception: HttpRequestException failure } => !IsUnusable(failure),
        { Exception: IOException } => true,
        _ => false,
    };
}
