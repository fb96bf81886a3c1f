namespace ActorEmbed.Api.Hosting.Parent;

/// <summary>
/// Everything that tells of the parent. Started once in a process: each has a thread that lasts as long as the parent.
/// </summary>
internal sealed class ParentWatches(ServerOptions options, TimeProvider time, ILoggerFactory loggers)
{
    /// <param name="onInputClosed">The parent wants this process to stop.</param>
    /// <param name="onParentGone">The parent has ended.</param>
    public void Start(Action onInputClosed, Action onParentGone)
    {
        new StandardInputWatch(options, onInputClosed, loggers.CreateLogger<StandardInputWatch>()).Start();
        new ParentWatch(options, onParentGone, time, loggers.CreateLogger<ParentWatch>()).Start();
    }
}
