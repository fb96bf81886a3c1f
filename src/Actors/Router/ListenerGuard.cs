using Akka.Event;

namespace ActorEmbed.Actors.Router;

/// <summary>
/// Around everything that calls listeners of the host's meters and traces: what they throw is theirs to mend, and costs
/// a measurement, but neither an answer nor a router.
/// </summary>
/// <param name="log">Is told the first time.</param>
internal sealed class ListenerGuard(ILoggingAdapter log)
{
    private bool _hasComplained;

    public void Run(Action measure)
    {
        try
        {
            measure();
        }
        catch (Exception e)
        {
            Complain(e);
        }
    }

    /// <summary>Null where a listener threw.</summary>
    public T? Get<T>(Func<T> create)
        where T : class
    {
        try
        {
            return create();
        }
        catch (Exception e)
        {
            Complain(e);
            return null;
        }
    }

    private void Complain(Exception e)
    {
        if (_hasComplained)
            return;
        _hasComplained = true;
        log.Warning(e, "A listener of this process's metrics or traces threw; what it throws from now on is not logged");
    }
}
