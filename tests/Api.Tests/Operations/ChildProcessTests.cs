using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using ActorEmbed.Api.Hosting.Parent;
using ActorEmbed.Tests.Shared.Processes;

namespace ActorEmbed.Api.Tests.Operations;

public sealed class ChildProcessTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("actorembed-child-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task It_stops_when_its_standard_input_is_closed()
    {
        await using var server = await ServerProcess.StartReadyAsync("--port", "0", "--exit-with-parent");

        await server.StandardInput.WriteLineAsync("what is written does not matter");
        server.StandardInput.Close();
        var (exitCode, _, error) = await server.WaitForExitAsync();

        Assert.Equal(ExitCode.Success, exitCode);
        Assert.Contains("Standard input is closed", error, StringComparison.Ordinal);
    }

    [PosixTheory]
    [InlineData("< /dev/null", "--exit-with-parent")]
    [InlineData("0<&3", "--exit-with-parent")]
    [InlineData("< /dev/null", "--parent-pid $$")]
    public async Task It_is_gone_within_two_seconds_of_its_parent(string input, string options)
    {
        // A shell as the parent: it tells the child's pid on its error stream, and hands its output through. The
        // shell does not execute the server in its own place, because it waits for it.
        using var parent = Process.Start(new ProcessStartInfo("/bin/sh")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["HF_HUB_CACHE"] = Path.Combine(AppContext.BaseDirectory, "no-cache") },
            ArgumentList = { "-c", $"exec 3<&0; dotnet '{ServerProcess.ExecutablePath}' --port 0 {options} {input} & echo $! >&2; wait; true" },
        })!;
        var child = int.Parse((await parent.StandardError.ReadLineAsync())!, CultureInfo.InvariantCulture);
        var ready = await parent.StandardOutput.ReadLineAsync().WaitAsync(Patience);

        parent.Kill();
        var clock = Stopwatch.StartNew();
        // The child holds the other end of this pipe until it ends.
        await parent.StandardOutput.ReadToEndAsync().WaitAsync(Patience);

        Assert.StartsWith("{", ready, StringComparison.Ordinal);
        Assert.Null(ProcessIdentity.TryGet(child));
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(2));
    }

    [PosixFact]
    public async Task It_does_not_stay_when_the_named_parent_has_already_ended()
    {
        using var ended = Process.Start("true");
        await ended.WaitForExitAsync();

        await using var server = ServerProcess.Start(Path.GetTempPath(), "--port", "0", "--parent-pid", ended.Id.ToString(CultureInfo.InvariantCulture));
        var (exitCode, _, error) = await server.WaitForExitAsync();

        Assert.Equal(ExitCode.Success, exitCode);
        Assert.Contains("parent process has ended", error, StringComparison.Ordinal);
    }

    [PosixFact]
    public async Task A_younger_process_with_the_parents_id_is_not_taken_for_it()
    {
        // The test process is older than this one, so to it this one is what a reused id looks like.
        using var younger = Process.Start("sleep", "60");

        var parent = ParentProcess.Find(new ServerOptions { ParentPid = younger.Id });
        younger.Kill();
        await younger.WaitForExitAsync();

        Assert.True(parent.IsGone);
        Assert.Null(parent.Process);
    }

    [PosixFact]
    public async Task A_second_signal_ends_it_at_once()
    {
        await using var server = await ServerProcess.StartReadyAsync("--port", "0");
        using var slow = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await slow.ConnectAsync(server.Client.BaseAddress!.Host, server.Client.BaseAddress.Port);
        // An accepted request that never finishes keeps the server for its whole time.
        await slow.SendAsync("POST /embed HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"u8.ToArray());
        await Eventually.TrueAsync(async () => (await server.Client.GetStringAsync("/metrics"))
            .Split('\n').Any(line => line.StartsWith("http_server_active_requests{", StringComparison.Ordinal) && line.EndsWith("\"POST\"} 1", StringComparison.Ordinal)));

        server.Signal("INT");
        await Eventually.TrueAsync(async () => !(await server.Client.GetAsync("/health")).IsSuccessStatusCode);
        server.Signal("TERM");
        var (exitCode, _, _) = await server.WaitForExitAsync();

        Assert.Equal(ExitCode.Interrupted, exitCode);
    }

    [PosixFact]
    public async Task A_unix_socket_serves_its_owner_only_and_survives_a_kill()
    {
        var path = Path.Combine(_directory.FullName, "embed.sock");
        await using var first = await ServerProcess.StartReadyAsync("--socket", path);
        Assert.Equal($"unix:{path}", first.Ready.GetProperty("url").GetString());
        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(path) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
        await using var second = ServerProcess.Start(Path.GetTempPath(), "--socket", path);
        var (exitCode, _, error) = await second.WaitForExitAsync();
        Assert.Equal((ExitCode.CannotListen, true), (exitCode, error.Contains("another server", StringComparison.Ordinal)));

        first.Kill();
        await first.WaitForExitAsync();
        await using var third = await ServerProcess.StartReadyAsync("--socket", path);
        using var client = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellation) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
        });
        var response = await client.PostAsync("http://any.name/embed", new StringContent("""{"texts":["a"]}""", Encoding.UTF8, "application/json"));
        third.Terminate();
        await third.WaitForExitAsync();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.False(File.Exists(path));
    }

    [PosixTheory]
    [InlineData("printf precious > there")]
    [InlineData(": > there")]
    [InlineData("mkfifo there")]
    [InlineData("ln -s nowhere there")]
    [InlineData("mkdir there")]
    public async Task What_lies_in_the_place_of_the_socket_and_is_none_is_left_alone(string command)
    {
        using var shell = Process.Start(new ProcessStartInfo("/bin/sh") { WorkingDirectory = _directory.FullName, ArgumentList = { "-c", command } })!;
        await shell.WaitForExitAsync();
        var before = _directory.GetFileSystemInfos().Single().Attributes;

        await using var server = ServerProcess.Start(_directory.FullName, "--socket", "there");
        var (exitCode, _, error) = await server.WaitForExitAsync();

        Assert.Equal(ExitCode.CannotListen, exitCode);
        Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(before, _directory.GetFileSystemInfos().Single().Attributes);
    }

    [PosixFact]
    public async Task Systemd_is_told_when_the_model_is_ready_and_when_it_stops()
    {
        var path = Path.Combine(_directory.FullName, "notify.sock");
        using var systemd = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        systemd.Bind(new UnixDomainSocketEndPoint(path));
        await using var server = ServerProcess.Start(Path.GetTempPath(), [new("NOTIFY_SOCKET", path)], "--port", "0");
        await server.WaitUntilReadyAsync();

        var ready = await ReceiveAsync(systemd);
        server.Terminate();
        var stopping = await ReceiveAsync(systemd);
        await server.WaitForExitAsync();

        Assert.Equal(("READY=1", "STOPPING=1"), (ready, stopping));
    }

    [Fact]
    public async Task Listening_beyond_this_machine_without_a_key_is_a_warning()
    {
        await using var open = await ServerProcess.StartReadyAsync("--port", "0", "--address", "*");
        await using var closed = ServerProcess.Start(Path.GetTempPath(), [new("ACTOREMBED_API_KEY", "a-secret-key")], "--port", "0", "--address", "*");
        await closed.WaitUntilReadyAsync();
        var response = await open.EmbedAsync("""{"texts":["a"]}""");
        var refused = await closed.EmbedAsync("""{"texts":["a"]}""");

        open.Kill();
        closed.Kill();

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized), (response.StatusCode, refused.StatusCode));
        Assert.Contains("without an API key", (await open.WaitForExitAsync()).StandardError, StringComparison.Ordinal);
        var error = (await closed.WaitForExitAsync()).StandardError;
        Assert.DoesNotContain("without an API key", error, StringComparison.Ordinal);
        Assert.DoesNotContain("a-secret-key", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_environment_of_another_web_server_opens_no_further_port()
    {
        using var reserved = new TcpListener(IPAddress.Loopback, 0);
        reserved.Start();
        var taken = ((IPEndPoint)reserved.LocalEndpoint).Port;

        // Whoever listened there would fail, because the port is taken.
        await using var server = ServerProcess.Start(
            Path.GetTempPath(),
            [new("ASPNETCORE_URLS", $"http://127.0.0.1:{taken}"), new("ASPNETCORE_HTTP_PORTS", $"{taken}"), new("Kestrel__Endpoints__Http__Url", $"http://127.0.0.1:{taken}")],
            "--port", "0");
        await server.WaitUntilReadyAsync();

        Assert.NotEqual(taken, server.Client.BaseAddress!.Port);
        Assert.Equal(HttpStatusCode.OK, (await server.EmbedAsync("""{"texts":["a"]}""")).StatusCode);
    }

    [Fact]
    public async Task Neither_texts_nor_paths_come_into_the_log()
    {
        await using var server = await ServerProcess.StartReadyAsync("--port", "0", "--access-log");
        await server.EmbedAsync("""{"texts":["embarrassing"]}""");
        await server.EmbedAsync("""{"texts":["embarrassing", 1]}""");
        await server.EmbedAsync("""{"texts":["embarrassing""");
        await server.Client.GetAsync("/embarrassing?q=embarrassing");

        server.Kill();
        var (_, _, error) = await server.WaitForExitAsync();

        Assert.Contains("POST /embed 200", error, StringComparison.Ordinal);
        Assert.DoesNotContain("embarrassing", error, StringComparison.Ordinal);
    }

    private static async Task<string> ReceiveAsync(Socket socket)
    {
        using var patience = new CancellationTokenSource(Patience);
        var buffer = new byte[256];
        return Encoding.ASCII.GetString(buffer, 0, await socket.ReceiveAsync(buffer, patience.Token));
    }
}
