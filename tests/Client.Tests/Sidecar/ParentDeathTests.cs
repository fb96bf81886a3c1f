using System.Diagnostics;
using System.Net.Sockets;
using System.Text.Json;
using ActorEmbed.Client.Tests.Processes;

namespace ActorEmbed.Client.Tests.Sidecar;

/// <summary>A server does not outlive the process that started it, however that ends.</summary>
public sealed class ParentDeathTests
{
    [Theory(Timeout = Patience.Milliseconds)]
    [InlineData("stand-in", "SIGKILL")]
    [InlineData("stand-in", "exit")]
    [InlineData("stand-in", "throw")]
    [InlineData("real", "SIGKILL")]
    [InlineData("real", "exit")]
    [InlineData("real", "throw")]
    public async Task The_server_ends_with_its_host(string server, string end)
    {
        using var host = StartHost(server == "real" ? [RealServer.ExecutablePath] : [typeof(ParentDeathTests).Assembly.Location, "stand-in"]);
        try
        {
            var line = await host.StandardOutput.ReadLineAsync().WaitAsync(Patience.Limit);
            var status = JsonSerializer.Deserialize<ActorEmbedSidecarStatus>(line!)!;
            var gone = PortClosesAsync(status.Port!.Value);

            if (end == "SIGKILL")
                host.Kill();
            else
                await host.StandardInput.WriteLineAsync(end);

            await gone.WaitAsync(Patience.Limit);
        }
        finally
        {
            if (!host.HasExited)
                host.Kill();
        }
    }

    private static Process StartHost(params string[] arguments) => Process.Start(new ProcessStartInfo("dotnet",
        [typeof(ParentDeathTests).Assembly.Location, "host", .. arguments])
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;

    /// <summary>Waits on connections, which the system closes when the process that listens dies.</summary>
    private static async Task PortClosesAsync(int port)
    {
        var nothing = new byte[1];
        while (true)
        {
            using var probe = new TcpClient();
            try
            {
                await probe.ConnectAsync("127.0.0.1", port);
                _ = await probe.GetStream().ReadAsync(nothing);
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
            {
                return;
            }
            catch (IOException)
            {
                // Reset by the dying process; the next connection tells.
            }
        }
    }
}
