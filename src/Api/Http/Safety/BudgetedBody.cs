using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace ActorEmbed.Api.Http.Safety;

/// <summary>
/// A body's reader that takes what it holds from a <see cref="BodyBudget"/>, and gives it back when the body has been
/// read to its end: a request that waits for inference holds no body.
/// </summary>
internal sealed class BudgetedBody(PipeReader inner, BodyBudget budget, long reserved) : PipeReader, IRequestBodyPipeFeature, IAsyncDisposable
{
    private long _reserved = reserved;
    private SequencePosition _end;
    private bool _isComplete;

    public PipeReader Reader => this;

    public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) =>
        Count(await inner.ReadAsync(cancellationToken));

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
        var more = result.Buffer.Length - _reserved;
        if (more > 0)
        {
            if (!budget.TryReserve(more))
            {
                inner.AdvanceTo(result.Buffer.End);
                throw new BodyBudgetExceededException();
            }

            _reserved += more;
        }

        (_end, _isComplete) = (result.Buffer.End, result.IsCompleted);
        return result;
    }

    private void GiveBack() => budget.Release(Interlocked.Exchange(ref _reserved, 0));
}
