using ActorEmbed.Client.Http;
using Microsoft.Extensions.Options;

namespace ActorEmbed.Client;

/// <summary>Options of <see cref="ActorEmbedSidecar"/>; read once, when it is created.</summary>
public sealed class ActorEmbedSidecarOptions
{
    // What timers and cancellation take.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private static readonly string[] Devices = ["auto", "cpu", "cuda", "mps"];

    /// <summary>
    /// The server's executable; a <c>.dll</c> is run with <c>dotnet</c>. Default: the environment variable
    /// <c>ACTOREMBED_EXECUTABLE</c>, then <c>actorembed</c> beside the application, then <c>PATH</c>.
    /// </summary>
    public string? ExecutablePath { get; set; }

    /// <summary>Arguments that come before the sidecar's own.</summary>
    public IList<string> Arguments { get; } = [];

    /// <summary>Added to the environment of this process; null removes a variable.</summary>
    public IDictionary<string, string?> Environment { get; } = new Dictionary<string, string?>();

    /// <summary>Working directory of the server. Default: that of this process.</summary>
    public string? WorkingDirectory { get; set; }

    /// <summary>Port on 127.0.0.1, 0 to 65535; 0 lets the system choose, the status names it. Default 8421.</summary>
    public int Port { get; set; } = 8421;

    /// <summary>What follows <c>--model</c>. Default: the server's own choice.</summary>
    public string? Model { get; set; }

    /// <summary>
    /// What follows <c>--device</c>: <c>auto</c>, <c>cpu</c>, <c>cuda</c> or <c>mps</c>; <see cref="ActorEmbedSidecarStatus.Device"/> says where
    /// models do run. A device that is named and cannot be had fails the start, with exit code 3. Default: the server's own,
    /// <c>auto</c>.
    /// </summary>
    public string? Device { get; set; }

    /// <summary>Bearer token for the sidecar's own questions and its clients, where the server asks for one. Default: none.</summary>
    public string? Token { get; set; }

    /// <summary>Whether a crash is followed by a restart. Default true.</summary>
    public bool AutoRestart { get; set; } = true;

    /// <summary>
    /// Whether the server ends with this process, even one that is killed: passes <c>--exit-with-parent</c> and
    /// <c>--parent-pid</c>. Default true; false for a server that does not know these options.
    /// </summary>
    public bool ExitWithParent { get; set; } = true;

    /// <summary>
    /// Time that a start may take without a word of the server, above 0 to 1 day. Default 120 s. One that downloads or
    /// compiles a model says every few seconds how far it is.
    /// </summary>
    /// <remarks>The 1.1 GB model loads in 5 s from a warm disk, in 25 s from a cold one at 50 MB/s, on a busy machine in longer.</remarks>
    public TimeSpan StartTimeout { get; set; } = TimeSpan.FromSeconds(120);

    /// <summary>Time for a server to finish its work before it is killed, 0 to 1 day. Default 10 s.</summary>
    /// <remarks>A batch of 32 of the longest texts takes about 2 s on two cores; a machine five times slower still finishes it.</remarks>
    public TimeSpan StopTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Pause from a crash to the restart, 0 to 1 day; doubles with each crash in a row. Default 2 s.</summary>
    public TimeSpan RestartDelay { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Where the doubling ends, 0 to 1 day. Default 60 s.</summary>
    /// <remarks>A server that keeps crashing costs one start a minute, and recovers within one once the cause is gone.</remarks>
    public TimeSpan MaxRestartDelay { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Time of service after which a crash counts as the first again, 0 to 1 day. Default 60 s.</summary>
    public TimeSpan StableAfter { get; set; } = TimeSpan.FromSeconds(60);

    /// <exception cref="OptionsValidationException">Names every option that is out of range.</exception>
    internal ActorEmbedSidecarOptions Validated()
    {
        var failures = Failures().ToArray();
        return failures.Length == 0 ? this : throw new OptionsValidationException("", typeof(ActorEmbedSidecarOptions), failures);
    }

    internal IEnumerable<string> Failures()
    {
        if (Port is < 0 or > 65_535)
            yield return $"{nameof(Port)} must be from 0 to 65535, but is {Port}.";
        if (StartTimeout <= TimeSpan.Zero || StartTimeout > Longest)
            yield return $"{nameof(StartTimeout)} must be above 0 and at most 1 day, but is {StartTimeout}.";
        foreach (var (name, value) in new[]
        {
            (nameof(StopTimeout), StopTimeout), (nameof(RestartDelay), RestartDelay),
            (nameof(MaxRestartDelay), MaxRestartDelay), (nameof(StableAfter), StableAfter),
        })
        {
            if (value < TimeSpan.Zero || value > Longest)
                yield return $"{name} must be from 0 to 1 day, but is {value}.";
        }

        if (Device is not null && !Devices.Contains(Device))
            yield return $"{nameof(Device)} must be {string.Join(" or ", Devices)}, but is '{Device}'.";
        if (!BearerToken.IsValid(Token))
            yield return BearerToken.Rule;
    }
}
