using ActorEmbed.Actors.Messages;
using ActorEmbed.Api.Hosting.Models;

namespace ActorEmbed.Api.Http.Page.Live;

/// <summary>One model and what waits for it.</summary>
/// <param name="Id">As requests name it; null where only the loaded model will tell.</param>
/// <param name="State">Whether requests are being served.</param>
/// <param name="Asleep">Whether the next request has to open it again.</param>
/// <param name="Reason">Why not, where that is known.</param>
/// <param name="Progress">Of a pull or compilation.</param>
/// <param name="QueuedRequests">Requests of which some or all is waiting.</param>
/// <param name="QueuedTexts">Texts that wait.</param>
/// <param name="Counters">What has been done so far.</param>
/// <param name="Nodes">Those of a cluster; null where there is none.</param>
internal sealed record LiveModel(
    string? Id, ServiceState State, bool Asleep, string? Reason, LoadStatus? Progress, int QueuedRequests, int QueuedTexts, ServiceCounters Counters,
    IReadOnlyList<LiveNode>? Nodes);
