namespace ActorEmbed.Client.Sidecar;

/// <summary>How one process of a run ended.</summary>
/// <param name="ExitCode">Null where none was started.</param>
/// <param name="Failure">Why it never became ready; null where it did.</param>
/// <param name="Served">How long it was ready.</param>
internal sealed record RunEnd(int? ExitCode, ActorEmbedException? Failure, TimeSpan Served)
{
    /// <summary>Whether it is something that no waiting mends: the port, the options, the model.</summary>
    public bool IsConfiguration => Failure?.Code == ActorEmbedErrorCode.PortInUse
        || ((Failure is null ? ExitCode : Failure.ExitCode) is { } code && ExitCodes.IsConfiguration(code));

    public string Reason => Failure?.Message ?? ExitCodes.Describe(ExitCode!.Value);
}
