using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Connections;

namespace ActorEmbed.Api.Hosting.Connections;

/// <summary>
/// What a client sends, whose end is told only when the bytes before it bring the reader no further. Kestrel takes a body
/// that has come together with the end of the stream for one that broke off, even where it is complete.
/// </summary>
internal sealed class EndAfterBytes(PipeReader socket) : PipeReader
{
    // So many bytes were given out without the end. As many again mean that the reader waits for more.
    private long _givenBytes = -1;

    // Kestrel keeps what it was given of a body that broke off, and then reads the next request: there is none.
    private bool _isHeld;

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (_isHeld)
            throw new ConnectionResetException("The client has gone in the middle of a body.");
        var reading = socket.ReadAsync(cancellationToken);
        return reading.IsCompletedSuccessfully ? new(WithoutEnd(reading.Result)) : FinishAsync(reading);
    }

    public override bool TryRead(out ReadResult result)
    {
        if (!socket.TryRead(out result))
            return false;
        result = WithoutEnd(result);
        return true;
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        _isHeld = false;
        socket.AdvanceTo(consumed, examined);
    }

    public override void CancelPendingRead() => socket.CancelPendingRead();

    public override void Complete(Exception? exception = null) => socket.Complete(exception);

    // Each request on an idle connection is waited for here.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReadResult> FinishAsync(ValueTask<ReadResult> reading) => WithoutEnd(await reading);

    private ReadResult WithoutEnd(ReadResult read)
    {
        _isHeld = true;
        if (!read.IsCompleted || read.Buffer.IsEmpty || read.Buffer.Length == _givenBytes)
            return read;
        _givenBytes = read.Buffer.Length;
        return new ReadResult(read.Buffer, read.IsCanceled, isCompleted: false);
    }
}
