namespace ActorEmbed.Api.Http;

/// <summary>On a request that was HEAD and is served as GET: what has no end of its own ends with the headers.</summary>
internal sealed class HeadRequest
{
    private static readonly HeadRequest Instance = new();

    public static void Mark(HttpContext context) => context.Features.Set(Instance);

    public static bool Is(HttpContext context) => context.Features.Get<HeadRequest>() is not null;
}
