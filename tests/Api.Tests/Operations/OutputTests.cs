using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ActorEmbed.Api.Hosting.Output;
using ActorEmbed.Tests.Shared.Processes;

namespace ActorEmbed.Api.Tests.Operations;

public sealed class OutputTests
{
    // A pipe that nobody reads: opened for both, so that the shell does not wait for a reader, and filled.
    private const string FullPipe = "d=$(mktemp -d); mkfifo $d/p; exec 3<>$d/p; rm -r $d; head -c 65536 /dev/zero >&3; ";

    [LinuxTheory]
    [InlineData(FullPipe + "exec 1>&3")]
    [InlineData(FullPipe + "exec 2>&3")]
    [InlineData(FullPipe + "exec 1>&3 2>&3")]
    [InlineData("exec 1>/dev/full")]
    [InlineData("exec 2>/dev/full")]
    [InlineData("exec 1>&-")]
    [InlineData("exec 2>&-")]
    [InlineData("exec 0<&- 1>&- 2>&-")]
    public async Task No_state_of_its_standard_streams_keeps_it_from_serving_and_stopping(string streams)
    {
        var port = FreePort();
        await using var server = ServerProcess.StartBy(streams, "--port", port.ToString(CultureInfo.InvariantCulture), "--access-log");
        server.Client.BaseAddress = new Uri($"http://127.0.0.1:{port}");

        await Eventually.TrueAsync(() => IsReadyAsync(server));
        var response = await server.EmbedAsync("""{"texts":["a"]}""");
        server.Terminate();
        var (exitCode, _, _) = await server.WaitForExitAsync();

        Assert.Equal((HttpStatusCode.OK, ExitCode.Success), (response.StatusCode, exitCode));
    }

    [LinuxTheory]
    [InlineData(FullPipe + "exec 2>&3")]
    [InlineData("exec 2>/dev/full")]
    [InlineData("exec 2>&-")]
    public async Task A_start_that_fails_has_its_code_also_where_its_reason_cannot_be_written(string streams)
    {
        await using var server = ServerProcess.StartBy(streams, "--prot", "1");

        Assert.Equal(ExitCode.BadOption, (await server.WaitForExitAsync()).ExitCode);
    }

    [LinuxTheory]
    [InlineData("doctor")]
    [InlineData("models")]
    public async Task A_command_whose_output_is_on_a_full_disk_says_so_in_one_line(string command)
    {
        await using var process = ServerProcess.StartBy("exec 1>/dev/full", command);

        var (exitCode, _, error) = await process.WaitForExitAsync();

        Assert.Equal((ExitCode.Unexpected, "actorembed: Cannot write: No space left on device"), (exitCode, error.Trim()));
    }

    [Fact]
    public void What_nobody_reads_is_left_out_at_the_bound_and_said_later()
    {
        using var reader = new GatedStream();
        using var writer = new GuardedWriter(reader, left => string.Create(CultureInfo.InvariantCulture, $"{left} left out\n"));
        var line = new string('x', 1023);
        const int lines = 2 * GuardedWriter.LongestWaitBytes / 1024;

        for (var i = 0; i < lines; i++)
            writer.WriteLine(line);
        var isOut = writer.TryFlush(TimeSpan.Zero);
        reader.Open();
        Assert.True(writer.TryFlush(TimeSpan.FromSeconds(30)));
        writer.WriteLine("last");
        Assert.True(writer.TryFlush(TimeSpan.FromSeconds(30)));

        Assert.False(isOut);
        Assert.Equal(GuardedWriter.LongestWaitBytes + "1024 left out\nlast\n".Length, reader.Written.Length);
        Assert.EndsWith("1024 left out\nlast\n", reader.Written, StringComparison.Ordinal);
    }

    private static async Task<bool> IsReadyAsync(ServerProcess server)
    {
        try
        {
            return (await server.Client.GetAsync("/health")).IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            // Not listening yet.
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
