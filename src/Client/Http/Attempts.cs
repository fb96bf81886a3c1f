namespace ActorEmbed.Client.Http;

/// <summary>What a request carries through its handlers.</summary>
internal static class Attempts
{
    private static readonly HttpRequestOptionsKey<int> Made = new("ActorEmbed.Attempts");
    private static readonly HttpRequestOptionsKey<bool> Once = new("ActorEmbed.Once");

    public static int Of(HttpRequestMessage request) => request.Options.TryGetValue(Made, out var attempts) ? attempts : 0;

    public static void Count(HttpRequestMessage request) => request.Options.Set(Made, Of(request) + 1);

    /// <summary>A question about now: neither repeated, nor held back until a server is there.</summary>
    public static void AskOnce(HttpRequestMessage request) => request.Options.Set(Once, true);

    public static bool IsAskedOnce(HttpRequestMessage? request) =>
        request is not null && request.Options.TryGetValue(Once, out var once) && once;
}
