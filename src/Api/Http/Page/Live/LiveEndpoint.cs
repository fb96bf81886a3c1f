using System.Runtime.CompilerServices;
using ActorEmbed.Api.Http.Safety;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ActorEmbed.Api.Http.Page.Live;

/// <summary>
/// <c>GET /page/live</c>: what the server does, as server-sent events. The first has what is known of the last ten minutes,
/// each further one what came since.
/// </summary>
internal sealed class LiveEndpoint(LiveSampler sampler, RequestDrain drain)
{
    public ServerSentEventsResult<IReadOnlyList<LiveSample>> Follow(HttpContext context) =>
        TypedResults.ServerSentEvents(HeadRequest.Is(context) ? AsyncEnumerable.Empty<IReadOnlyList<LiveSample>>() : FollowAsync(context.RequestAborted));

    private async IAsyncEnumerable<IReadOnlyList<LiveSample>> FollowAsync([EnumeratorCancellation] CancellationToken aborted)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(aborted, drain.Begun);
        await foreach (var samples in sampler.FollowAsync(end.Token))
            yield return samples;
    }
}
