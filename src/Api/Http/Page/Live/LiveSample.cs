namespace ActorEmbed.Api.Http.Page.Live;

/// <summary>What the server did up to a moment. Counts are since its start: who wants rates compares two samples.</summary>
/// <param name="At">Milliseconds since 1970.</param>
/// <param name="MemoryBytes">Resident memory of the process.</param>
/// <param name="ProcessorSeconds">Processor time of the process.</param>
/// <param name="Models">Each with its queue.</param>
/// <param name="Small">Small requests of the last seconds; null when there were none.</param>
/// <param name="Big">The big ones likewise.</param>
internal sealed record LiveSample(
    long At, long MemoryBytes, double ProcessorSeconds, IReadOnlyList<LiveModel> Models, LiveLatency? Small, LiveLatency? Big)
{
    /// <summary>Without what only the present is worth.</summary>
    public LiveSample ForHistory() => this with { Models = [.. Models.Select(model => model with { Nodes = null })] };
}
