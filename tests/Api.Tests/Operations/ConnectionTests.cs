using System.Net;
using System.Net.Sockets;
using System.Text;
using ActorEmbed.Tests.Shared.Processes;

namespace ActorEmbed.Api.Tests.Operations;

public sealed class ConnectionTests
{
    private static readonly byte[] Request =
        "POST /embed HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 15\r\n\r\n{\"texts\":[\"a\"]}"u8.ToArray();

    [PosixFact]
    public async Task With_few_descriptors_it_takes_fewer_connections_and_serves_those_in_a_burst()
    {
        // Sixteen more than it needs for itself.
        await using var server = ServerProcess.StartBy("ulimit -n 320", "--port", "0");
        await server.WaitUntilReadyAsync();
        var address = server.Client.BaseAddress!;
        var clients = new List<Socket>();
        for (var i = 0; i < 200; i++)
        {
            clients.Add(new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
            await ConnectAsync(clients[^1], address);
        }

        var served = 0;
        foreach (var client in clients)
            served += await IsServedAsync(client) ? 1 : 0;
        clients.ForEach(client => client.Dispose());
        await Eventually.TrueAsync(() => AnswersAsync(server));
        server.Terminate();
        var (exitCode, _, error) = await server.WaitForExitAsync();

        Assert.Equal((16, ExitCode.Success), (served, exitCode));
        Assert.Contains("room for 16 connections", error, StringComparison.Ordinal);
        Assert.Contains("further ones were closed", error, StringComparison.Ordinal);
    }

    private static async Task ConnectAsync(Socket client, Uri address)
    {
        try
        {
            await client.ConnectAsync(address.Host, address.Port);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            // Accepted and closed before this end knew of it: one that is not served.
        }
    }

    private static async Task<bool> IsServedAsync(Socket client)
    {
        var answer = new byte[64];
        try
        {
            await client.SendAsync(Request);
            var read = await client.ReceiveAsync(answer);
            return Encoding.ASCII.GetString(answer, 0, read).StartsWith("HTTP/1.1 200", StringComparison.Ordinal);
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static async Task<bool> AnswersAsync(ServerProcess server)
    {
        try
        {
            return (await server.EmbedAsync("""{"texts":["a"]}""")).StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            // The places of those that have gone are not free yet.
            return false;
        }
    }
}
