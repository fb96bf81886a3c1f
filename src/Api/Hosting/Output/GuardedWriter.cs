using System.Text;

namespace ActorEmbed.Api.Hosting.Output;

/// <summary>
/// Writes by a thread of its own, so that a reader that has stopped reading holds up nobody but this thread. What does
/// not fit any more is left out; what cannot be written is forgotten.
/// </summary>
/// <param name="stream">Where to. Its writes may block or fail.</param>
/// <param name="note">Says how many pieces were left out, once there is room again; null where nothing may be added.</param>
internal sealed class GuardedWriter(Stream stream, Func<long, string>? note = null) : TextWriter
{
    /// <summary>Some ten thousand log lines; nobody who is that far behind will catch up.</summary>
    internal const int LongestWaitBytes = 1 << 20;

    private readonly object _gate = new();
    private readonly Queue<byte[]> _waiting = new();
    private Thread? _thread;
    private int _waitingBytes;
    private long _dropped;

    public override Encoding Encoding { get; } = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

    public override void Write(char value) => Add([value]);

    public override void Write(char[] buffer, int index, int count) => Add(buffer.AsSpan(index, count));

    public override void Write(ReadOnlySpan<char> buffer) => Add(buffer);

    public override void Write(string? value) => Add(value);

    /// <summary>A line is whole or not there.</summary>
    public override void WriteLine(string? value) => Add(value + NewLine);

    /// <summary>Waits until all is written, as long as the limit allows; whether it is.</summary>
    public bool TryFlush(TimeSpan limit)
    {
        var end = Environment.TickCount64 + (long)limit.TotalMilliseconds;
        lock (_gate)
        {
            while (_waitingBytes > 0)
            {
                var left = end - Environment.TickCount64;
                if (left <= 0 || !Monitor.Wait(_gate, (int)left))
                    return _waitingBytes == 0;
            }

            return true;
        }
    }

    private void Add(ReadOnlySpan<char> text)
    {
        if (text.Length == 0)
            return;
        var bytes = new byte[Encoding.GetByteCount(text)];
        Encoding.GetBytes(text, bytes);
        lock (_gate)
        {
            // One piece always fits, however long it is.
            if (_waitingBytes > 0 && _waitingBytes + bytes.Length > LongestWaitBytes)
            {
                _dropped++;
                return;
            }

            if (_dropped > 0 && note is not null)
                Enqueue(Encoding.GetBytes(note(_dropped)));
            _dropped = 0;
            Enqueue(bytes);
            if (_thread is null)
            {
                _thread = new Thread(WriteAll) { IsBackground = true, Name = "output" };
                _thread.Start();
            }
        }
    }

    private void Enqueue(byte[] bytes)
    {
        _waiting.Enqueue(bytes);
        _waitingBytes += bytes.Length;
        Monitor.PulseAll(_gate);
    }

    private void WriteAll()
    {
        while (true)
        {
            byte[]? bytes;
            lock (_gate)
            {
                while (!_waiting.TryDequeue(out bytes))
                    Monitor.Wait(_gate);
            }

            TryWrite(bytes);
            lock (_gate)
            {
                // Counted until it is out, so that a flush waits for the last one too.
                _waitingBytes -= bytes.Length;
                Monitor.PulseAll(_gate);
            }
        }
    }

    private void TryWrite(byte[] bytes)
    {
        try
        {
            stream.Write(bytes);
            stream.Flush();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            // A disk without room, a terminal that was closed, a reader that has gone: there is nobody to tell.
        }
    }
}
