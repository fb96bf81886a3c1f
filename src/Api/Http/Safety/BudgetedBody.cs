using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace ActorEmbed.Api.Http.Safety;

/// <summary>
/// A body's reader that takes what it holds from a <see cref="BodyBudget"/>, and gives it back when the body has been
/// read to its end: a request that waits for inference holds no body.
/// </summary>
internal sealed class BudgetedBody(PipeReader inner, BodyBudget bodies, ByteBudget budget) : PipeReader, IRequestBodyPipeFeature, IAsyncDisposable
{
    private long _taken;
    private SequencePosition _end;
    private bool _isComplete;
    private ITimer? _deadline;

    public PipeReader Reader => this;

    /// <summary>Bytes that have come, decompressed.</summary>
    public long ReceivedBytes { get; private set; }

    public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        // Kestrel takes a read that a token has ended for one that is still under way, and fails when it drains the body.
        var reading = inner.ReadAsync(CancellationToken.None);
        // A body that is there needs no timer.
        if (reading.IsCompleted)
            return Count(await reading);
        _deadline ??= bodies.StartDeadline(inner.CancelPendingRead);
        await using var cancelling = cancellationToken.Register(inner.CancelPendingRead);
        var result = await reading;
        if (!result.IsCanceled)
            return Count(result);
        inner.AdvanceTo(result.Buffer.End);
        cancellationToken.ThrowIfCancellationRequested();
        throw new BadHttpRequestException("The body took too long to arrive.", StatusCodes.Status408RequestTimeout);
    }

    public override bool TryRead(out ReadResult result)
    {
        if (!inner.TryRead(out result))
            return false;
        Count(result);
        return true;
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        var isRead = _isComplete && consumed.Equals(_end);
        inner.AdvanceTo(consumed, examined);
        if (isRead)
            GiveBack();
    }

    public override void CancelPendingRead() => inner.CancelPendingRead();

    public override void Complete(Exception? exception = null) => inner.Complete(exception);

    public ValueTask DisposeAsync()
    {
        GiveBack();
        return ValueTask.CompletedTask;
    }

    private ReadResult Count(ReadResult result)
    {
        // What the buffer holds is what it costs: bytes that have been consumed are gone.
        ReceivedBytes = Math.Max(ReceivedBytes, result.Buffer.Length);
        var more = result.Buffer.Length - BodyBudget.FreeBytes - _taken;
        if (more > 0)
        {
            if (!budget.TryTake(more))
            {
                inner.AdvanceTo(result.Buffer.End);
                throw new BodyBudgetExceededException();
            }

            _taken += more;
        }

        (_end, _isComplete) = (result.Buffer.End, result.IsCompleted);
        return result;
    }

    private void GiveBack()
    {
        _deadline?.Dispose();
        budget.Release(Interlocked.Exchange(ref _taken, 0));
    }
}
