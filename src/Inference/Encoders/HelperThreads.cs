using System.Runtime.ExceptionServices;

namespace ActorEmbed.Inference.Encoders;

/// <summary>
/// Threads that work beside the caller of an encoder. They are its own: the thread pool may be busy with anything for
/// any time, and a batch must not wait for that.
/// </summary>
internal sealed class HelperThreads : IDisposable
{
    private readonly Lock _turn = new();
    private readonly object _gate = new();
    private readonly int _count;
    private Thread[] _threads = [];
    private Action? _work;
    private int _wanted;
    private int _inside;
    private Exception? _failure;
    private bool _isDisposed;

    /// <param name="count">Helpers there are; they are started when they are first needed.</param>
    public HelperThreads(int count) => _count = count;

    /// <summary>
    /// Runs the same work on the calling thread and on helpers, and returns when it has ended on all that began it. The
    /// work has to be such that the caller alone would finish it: a helper that comes late does not begin.
    /// </summary>
    /// <param name="work">Is run by all at the same time.</param>
    /// <param name="helpers">How many to ask for.</param>
    public void Run(Action work, int helpers)
    {
        lock (_turn)
        {
            Call(work, Math.Min(helpers, _count));
            try
            {
                work();
            }
            finally
            {
                WaitForThoseInside();
            }

            if (_failure is { } failure)
                ExceptionDispatchInfo.Throw(failure);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            Monitor.PulseAll(_gate);
        }

        foreach (var thread in _threads)
            thread.Join();
    }

    private void Call(Action work, int helpers)
    {
        if (_threads.Length == 0 && helpers > 0)
        {
            _threads = new Thread[_count];
            for (var i = 0; i < _count; i++)
            {
                _threads[i] = new Thread(Help) { IsBackground = true, Name = "actorembed-encoder" };
                _threads[i].Start();
            }
        }

        lock (_gate)
        {
            (_work, _wanted, _failure) = (work, helpers, null);
            Monitor.PulseAll(_gate);
        }
    }

    private void WaitForThoseInside()
    {
        lock (_gate)
        {
            (_work, _wanted) = (null, 0);
            while (_inside > 0)
                Monitor.Wait(_gate);
        }
    }

    private void Help()
    {
        while (Enter() is { } work)
        {
            Exception? failure = null;
            try
            {
                work();
            }
            catch (Exception e)
            {
                // Thrown to whoever gave the work.
                failure = e;
            }

            lock (_gate)
            {
                _failure ??= failure;
                _inside--;
                Monitor.PulseAll(_gate);
            }
        }
    }

    /// <returns>What to do, or null when there will be nothing any more.</returns>
    private Action? Enter()
    {
        lock (_gate)
        {
            while (_wanted == 0 && !_isDisposed)
                Monitor.Wait(_gate);
            if (_isDisposed)
                return null;
            _wanted--;
            _inside++;
            return _work;
        }
    }
}
