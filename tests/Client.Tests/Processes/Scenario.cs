using System.Text.Json;

namespace ActorEmbed.Client.Tests.Processes;

/// <summary>How the stand-in misbehaves; travels in an environment variable.</summary>
internal sealed record Scenario
{
    public const string Variable = "STAND_IN";

    /// <summary>Exit at once with this code.</summary>
    public int? ExitCode { get; init; }

    /// <summary>What it writes on standard error before it does.</summary>
    public string LastWords { get; init; } = "the stand-in exits as told";

    /// <summary>A file with exit codes, one a line: each start takes one and exits with it, until none is left.</summary>
    public string? ExitsFile { get; init; }

    public bool IsNeverReady { get; init; }

    /// <summary>What the ready line claims in place of the truth.</summary>
    public string? ReadyUrl { get; init; }

    public string ServerHeader { get; init; } = "ActorEmbed";

    public bool IgnoresSigTerm { get; init; }

    public override string ToString() => JsonSerializer.Serialize(this);

    public static Scenario Current =>
        Environment.GetEnvironmentVariable(Variable) is { } json ? JsonSerializer.Deserialize<Scenario>(json)! : new Scenario();
}
