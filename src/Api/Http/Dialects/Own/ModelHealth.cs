using ActorEmbed.Actors.Messages;
using ActorEmbed.Api.Hosting.Models;
using ActorEmbed.Api.Http.Errors;

namespace ActorEmbed.Api.Http.Dialects.Own;

/// <summary>What <c>GET /health</c> tells of each of several models.</summary>
/// <param name="Model">How it is listed.</param>
/// <param name="Status"><c>ok</c>, <c>loading</c> or <c>error</c>.</param>
/// <param name="Dim">Once it is loaded.</param>
/// <param name="Reason">Why it is not <c>ok</c>, as far as that is known.</param>
/// <param name="Progress">While it is being pulled or compiled.</param>
/// <param name="Asleep">True where the next request has to open it again; otherwise null. It is as well as one that is awake.</param>
internal sealed record ModelHealth(string Model, string Status, int? Dim, string? Reason, LoadStatus? Progress, bool? Asleep)
{
    public const string Ok = "ok";

    public static ModelHealth Of(ServedModel served, ServiceStatus status)
    {
        var progress = status.State == ServiceState.Loading ? served.Progress.Status : null;
        return new(served.Label, StatusOf(status), status.Model?.Dimensions, ReasonOf(status, progress), progress, status.IsAsleep ? true : null);
    }

    public static string StatusOf(ServiceStatus status) => status switch
    {
        { State: ServiceState.Failed } => "error",
        { State: ServiceState.Ready, Model: not null } => Ok,
        _ => "loading",
    };

    public static string? ReasonOf(ServiceStatus status, LoadStatus? progress) =>
        status.Reason is { } reason ? PublicReason.Of(reason) : progress?.Reason;
}
