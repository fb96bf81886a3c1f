using System.Net.Http.Headers;
using System.Text.Json;

namespace ActorEmbed.Client.Sidecar;

/// <summary>Who answers at an address. A 200 alone proves nothing: any program may hold the port.</summary>
/// <param name="IsActorEmbed">It carries the server's name, or names model, version and process.</param>
/// <param name="Info">What it says of itself, where it is one of ours and ready.</param>
/// <param name="Description">Who it is otherwise; null where nobody answers in HTTP.</param>
internal sealed record ServerIdentity(bool IsActorEmbed, ServerInfo? Info, string? Description)
{
    private const string ServerName = "ActorEmbed";

    // /info computes nothing; a server that takes longer is not one to wait for.
    private static readonly TimeSpan AnswersWithin = TimeSpan.FromSeconds(5);

    // A real answer has under 3 KB.
    private const int LargestAnswerBytes = 1 << 20;

    public bool IsSilent => !IsActorEmbed && Description is null;

    /// <summary>Asks <c>/info</c>. Fails only by cancellation.</summary>
    public static async Task<ServerIdentity> AskAsync(Uri server, string? token, CancellationToken cancellation)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false })
        {
            Timeout = AnswersWithin,
            MaxResponseContentBufferSize = LargestAnswerBytes,
        };
        if (token is not null)
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        try
        {
            using var response = await http.GetAsync(new Uri(server, "info"), cancellation).ConfigureAwait(false);
            var info = response.IsSuccessStatusCode
                ? Parse(await response.Content.ReadAsByteArrayAsync(cancellation).ConfigureAwait(false))
                : null;
            var name = response.Headers.Server.ToString();
            // The old sidecar's /info, and anything that imitates it, names no process.
            var namesItself = info is { ProcessId: not null, Version: not null };
            return namesItself || name.StartsWith(ServerName, StringComparison.OrdinalIgnoreCase)
                ? new ServerIdentity(true, info, null)
                : new ServerIdentity(false, null, name.Length > 0 ? name : $"a server that answers {(int)response.StatusCode}");
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            return new ServerIdentity(false, null, null);
        }
    }

    private static ServerInfo? Parse(byte[] body)
    {
        try
        {
            return JsonSerializer.Deserialize<ServerInfo>(body);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
