using Akka.Event;

namespace ActorEmbed.Api.Hosting;

/// <summary>
/// Writes what Akka has to say before its loggers are there and after they are gone. Its own choice is standard output,
/// which belongs to the ready line.
/// </summary>
internal sealed class ErrorOutputLogger : MinimalLogger
{
    protected override void Log(object message)
    {
        // "Remoting shut down", at every end, is no news.
        if (message is LogEvent log and (Warning or Error))
            Console.Error.WriteLine(RemotingText.IsAbout(log) ? RemotingText.Of(log) : message);
    }
}
