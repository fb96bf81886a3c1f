using System.Globalization;
using ActorEmbed.Api.Hosting.Models;
using ActorEmbed.Inference.Hub;
using Microsoft.Extensions.Hosting.Systemd;

namespace ActorEmbed.Api.Hosting;

/// <summary>
/// Tells systemd (<c>Type=notify</c>) how the start goes. Ready means that the model has produced a vector, which is
/// later than the host's own notice; until then each step of a pull asks for more time.
/// </summary>
internal sealed class SystemdNotification(ISystemdNotifier notifier, IReadOnlyList<ModelToServe> models, IHostApplicationLifetime lifetime) : IHostedService
{
    // A pull that is alive reports several times a second; one that retries waits up to five minutes.
    private static readonly TimeSpan MoreTime = TimeSpan.FromMinutes(6);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (notifier.IsEnabled)
        {
            foreach (var model in models)
                model.Progress.Reported += OnProgress;
            lifetime.ApplicationStopping.Register(() => notifier.Notify(ServiceState.Stopping));
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Ready()
    {
        if (notifier.IsEnabled)
            notifier.Notify(ServiceState.Ready);
    }

    private void OnProgress(PullProgress pull) => notifier.Notify(new ServiceState(string.Create(
        CultureInfo.InvariantCulture,
        $"STATUS=Pulling {pull.Model}: {(int)(pull.Fraction * 100)} %\nEXTEND_TIMEOUT_USEC={(long)MoreTime.TotalMicroseconds}")));
}
