using ActorEmbed.Inference.Encoders;
using ActorEmbed.Inference.Tests.Compilation;

namespace ActorEmbed.Inference.Tests.Encoders;

[Collection(nameof(ThreadPoolCollection))]
public sealed class HelperThreadsTests
{
    // Far above what the work takes, far below what a starved pool takes to lend a thread to the end of this queue.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_batch_ends_when_its_work_is_done_though_the_thread_pool_has_no_thread_to_lend()
    {
        using var model = new SeededModel();
        using var encoder = CompiledModels.Open(model, threads: 4);
        var texts = SeededModel.RandomTexts(21, [.. Enumerable.Repeat(100, 40)]);
        var expected = encoder.Encode(texts);
        using var release = new ManualResetEventSlim();
        // The pool lends one more thread every half second or so: what is queued behind these waits for minutes.
        Task[] blocked = [.. Enumerable.Range(0, 500).Select(_ => Task.Run(release.Wait))];

        float[][]? vectors = null;
        var caller = new Thread(() => vectors = encoder.Encode(texts));
        caller.Start();
        var isDone = caller.Join(Patience);
        release.Set();
        await Task.WhenAll(blocked);

        Assert.True(isDone);
        Assert.Equal(expected, vectors);
    }

    [Fact]
    public void Helpers_work_beside_the_caller()
    {
        using var helpers = new HelperThreads(3);
        using var everybody = new Barrier(4);
        var met = 0;

        helpers.Run(
            () =>
            {
                if (everybody.SignalAndWait(Patience))
                    Interlocked.Increment(ref met);
            },
            helpers: 3);

        Assert.Equal(4, met);
    }

    [Fact]
    public void A_helper_that_fails_fails_the_call_with_its_own_stack_and_the_next_call_works()
    {
        using var helpers = new HelperThreads(1);
        using var both = new Barrier(2);
        var caller = Environment.CurrentManagedThreadId;

        var error = Assert.Throws<InvalidOperationException>(() => helpers.Run(
            () =>
            {
                both.SignalAndWait(Patience);
                if (Environment.CurrentManagedThreadId != caller)
                    FailInHelper();
            },
            helpers: 1));

        Assert.Contains(nameof(FailInHelper), error.StackTrace, StringComparison.Ordinal);
        var runs = 0;
        helpers.Run(() => Interlocked.Increment(ref runs), helpers: 1);
        Assert.InRange(runs, 1, 2);
    }

    private static void FailInHelper() => throw new InvalidOperationException("as scripted");
}
