using System.Net;
using System.Net.Sockets;
using System.Text;
using ActorEmbed.Tests.Shared.Processes;

namespace ActorEmbed.Api.Tests.Cluster;

[Collection(ClusterTestsAlone.Name)]
public sealed class ClusterPortTests
{
    [Theory]
    [InlineData("router")]
    [InlineData("inference")]
    public async Task A_taken_cluster_port_is_one_line_and_exit_code_4_also_where_another_node_has_it(string role)
    {
        var port = ClusterUnderTest.FreePort();
        await using var first = NodeProcess.Start(null, "--role", "all", "--port", "0", "--cluster-port", $"{port}");
        await first.AwaitLogAsync("\"event\":\"ready\"");

        await using var second = ServerProcess.Start(Path.GetTempPath(), "--role", role, "--port", "0", "--cluster-port", $"{port}");
        var (exitCode, output, error) = await second.WaitForExitAsync();

        Assert.Equal((ExitCode.CannotListen, ""), (exitCode, output));
        Assert.Contains($"cluster port {port}", Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ACTOREMBED_CLUSTER__SECRET", "0123456789abcdef0123456789abcdef", true)]
    [InlineData("ACTOREMBED_CLUSTER__ADVERTISE", "127.0.0.1", false)]
    public async Task What_is_sent_to_the_cluster_port_by_mistake_is_in_no_log(string variable, string value, bool isSecured)
    {
        const string secret = "Bearer sk-embarrassing";
        var port = ClusterUnderTest.FreePort();
        await using var node = ServerProcess.Start(
            Path.GetTempPath(),
            [new(variable, value), new("Logging__LogLevel__Akka.Remote", "Trace"), new("Logging__LogLevel__Default", "Trace")],
            "--role", "all", "--port", "0", "--cluster-port", $"{port}");
        await node.WaitUntilReadyAsync();
        var request = Encoding.ASCII.GetBytes($"POST /embed HTTP/1.1\r\nHost: node\r\nAuthorization: {secret}\r\n\r\n{{\"texts\":[\"{secret}\"]}}");

        using (var stranger = new TcpClient())
        {
            await stranger.ConnectAsync(IPAddress.Loopback, port);
            await stranger.GetStream().WriteAsync(request);
            // The node gives the connection up, and has said by then what it says.
            Assert.Equal(0, await ReadToEndAsync(stranger.GetStream()));
        }

        node.Terminate();
        var (_, _, error) = await node.WaitForExitAsync();

        Assert.DoesNotContain("embarrassing", error, StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToHexString(Encoding.ASCII.GetBytes("embarrassing")), error, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(isSecured, error.Contains($"{request.Length} bytes", StringComparison.Ordinal));
    }

    private static async Task<int> ReadToEndAsync(NetworkStream stream)
    {
        var buffer = new byte[1024];
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        try
        {
            return await stream.ReadAsync(buffer, patience.Token);
        }
        catch (IOException)
        {
            // A reset says as much.
            return 0;
        }
    }
}
