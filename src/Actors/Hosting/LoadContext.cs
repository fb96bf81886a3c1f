using Akka.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ActorEmbed.Actors.Hosting;

/// <summary>What a load needs of its host.</summary>
/// <param name="Loggers">Where it tells what it does; null where nobody listens.</param>
/// <param name="Stopping">Ends a pull together with the host.</param>
internal sealed record LoadContext(ILoggerFactory? Loggers, CancellationToken Stopping)
{
    /// <summary>For who asks outside of a host's start.</summary>
    public static LoadContext None { get; } = new(null, CancellationToken.None);

    public static LoadContext Of(IDependencyResolver services) =>
        new(services.GetService<ILoggerFactory>(), services.GetService<IHostApplicationLifetime>()?.ApplicationStopping ?? CancellationToken.None);
}
