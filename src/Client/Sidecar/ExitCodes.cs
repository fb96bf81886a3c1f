namespace ActorEmbed.Client.Sidecar;

/// <summary>What the server's exit codes mean to its parent.</summary>
internal static class ExitCodes
{
    public const int PortTaken = 4;

    // A shell's convention, which .NET follows for processes that a signal ended.
    private const int SignalBase = 128;

    /// <summary>Whether another start with the same settings would only repeat it.</summary>
    public static bool IsConfiguration(int exitCode) => Meaning(exitCode) is not null;

    public static string Describe(int exitCode) => Meaning(exitCode) is { } meaning
        ? $"it exited with code {exitCode} ({meaning})"
        : exitCode > SignalBase ? $"signal {exitCode - SignalBase} ended it" : $"it exited with code {exitCode}";

    private static string? Meaning(int exitCode) => exitCode switch
    {
        2 => "an option or setting is invalid",
        3 => "the model is missing or damaged, or the device cannot be had",
        PortTaken => "it cannot listen on its port",
        9 => "the system lacks a library that the server needs",
        _ => null,
    };
}
