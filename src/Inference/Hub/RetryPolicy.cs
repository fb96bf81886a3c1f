using System.Globalization;

namespace ActorEmbed.Inference.Hub;

/// <summary>
/// Tries again after what may pass: growing delays with jitter, or the delay that the server asks for. Only tries that
/// brought nothing new count, so that a bad line finishes a large file in as many pieces as it takes.
/// </summary>
internal sealed class RetryPolicy(HubOptions options, TimeProvider time)
{
    /// <param name="attempt">One try.</param>
    /// <param name="progress">A number that grows when a try achieved something.</param>
    /// <param name="onRetry">Told, for a person, what happened and when the next try is.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="ModelPullException">The last failure, or the first that will not pass.</exception>
    public async Task<T> RunAsync<T>(
        Func<Task<T>> attempt, Func<long> progress, Action<string> onRetry,
        CancellationToken cancellation)
    {
        var reached = progress();
        for (var fruitless = 0; ;)
        {
            TimeSpan delay;
            try
            {
                return await attempt().ConfigureAwait(false);
            }
            catch (ModelPullException failure) when (failure.TransientReason is not null)
            {
                var now = progress();
                fruitless = now > reached ? 1 : fruitless + 1;
                reached = Math.Max(reached, now);
                if (fruitless > options.MaxFruitlessRetries)
                    throw;
                delay = Delay(fruitless, failure.RetryAfter);
                onRetry(string.Create(
                    CultureInfo.InvariantCulture, $"{failure.TransientReason}; trying again in {delay.TotalSeconds:0.#} s"));
            }

            await Task.Delay(delay, time, cancellation).ConfigureAwait(false);
        }
    }

    private TimeSpan Delay(int fruitless, TimeSpan? retryAfter)
    {
        if (retryAfter is { } asked)
            return asked < options.MaxRetryAfter ? asked : options.MaxRetryAfter;
        var full = options.FirstRetryDelay.TotalMilliseconds * Math.Pow(2, fruitless - 1);
        var capped = Math.Min(full, options.MaxRetryDelay.TotalMilliseconds);
        // Half of it random: clients that failed together are not to come back together.
        return TimeSpan.FromMilliseconds(capped * (0.5 + Random.Shared.NextDouble() / 2));
    }
}
