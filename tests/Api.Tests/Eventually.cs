namespace ActorEmbed.Api.Tests;

/// <summary>Repeats a check over HTTP until it holds; each attempt is a request, so no pause is needed between them.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static async Task TrueAsync(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!await condition())
        {
            Assert.False(patience.IsCancellationRequested, "The condition did not hold in time.");
            await Task.Yield();
        }
    }
}
