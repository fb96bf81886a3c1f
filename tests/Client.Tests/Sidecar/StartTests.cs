using System.Net;
using System.Net.Sockets;
using ActorEmbed.Client.Tests.Processes;
using State = ActorEmbed.Client.ActorEmbedSidecarState;

namespace ActorEmbed.Client.Tests.Sidecar;

public sealed class StartTests : SidecarFixture
{
    [Fact(Timeout = Patience.Milliseconds)]
    public async Task A_failure_quotes_the_last_words_of_the_server()
    {
        var sidecar = Create(options => StandIn(options, new Scenario { ExitCode = 3, LastWords = "config.json: hidden_size is missing" }));

        var failure = await FailureAsync(sidecar.StartAsync());

        Assert.Equal((ActorEmbedErrorCode.StartFailed, 3), (failure.Code, failure.ExitCode));
        Assert.Contains("code 3 (the model is missing or damaged, or the device cannot be had)", failure.Message, StringComparison.Ordinal);
        Assert.EndsWith("config.json: hidden_size is missing", failure.Message, StringComparison.Ordinal);
        Assert.Equal((State.Failed, failure.Message, 3), (sidecar.GetStatus().State, sidecar.GetStatus().LastError, sidecar.GetStatus().LastExitCode));
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task A_first_start_that_fails_is_not_repeated_though_it_looks_like_a_crash()
    {
        var sidecar = Create(options => StandIn(options, new Scenario { ExitCode = 1 }), Time);

        Assert.Equal(1, (await FailureAsync(sidecar.StartAsync())).ExitCode);
        Assert.Equal(State.Failed, sidecar.GetStatus().State);
        Assert.Empty(Time.Running);
        await sidecar.StopAsync();
        Assert.Equal(State.Stopped, sidecar.GetStatus().State);
    }

    [Theory(Timeout = Patience.Milliseconds)]
    [InlineData("/no/such/actorembed", null, null, "the option ExecutablePath says /no/such/actorembed, which does not exist")]
    [InlineData("no-such-actorembed", null, null, "the option ExecutablePath says no-such-actorembed, which is not on PATH")]
    [InlineData(null, "/no/such/thing", null, "the environment variable ACTOREMBED_EXECUTABLE says /no/such/thing, which does not exist")]
    public async Task An_executable_that_is_not_there_is_named(string? option, string? variable, string? path, string expected)
    {
        var sidecar = Create(options =>
        {
            options.ExecutablePath = option;
            options.Environment["ACTOREMBED_EXECUTABLE"] = variable;
            options.Environment["PATH"] = path;
        });

        var failure = await FailureAsync(sidecar.StartAsync());

        Assert.Equal(ActorEmbedErrorCode.StartFailed, failure.Code);
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
    }

    [PosixFact]
    public void An_executable_is_found_beside_the_application_in_its_folder_and_on_path()
    {
        using var folder = new TemporaryFolder();
        var nested = folder.Write("app/actorembed/actorembed");
        var onPath = folder.Write("bin/actorembed");
        var environment = new Dictionary<string, string?> { ["PATH"] = $"/nowhere:{folder.Path("bin")}" };

        Assert.Equal(onPath, Client.Sidecar.ExecutableFinder.Find(null, environment, folder.Path("empty")));
        Assert.Equal(nested, Client.Sidecar.ExecutableFinder.Find(null, environment, folder.Path("app")));
        var beside = folder.Write("app/actorembed.dll");
        Assert.Equal(beside, Client.Sidecar.ExecutableFinder.Find(null, environment, folder.Path("app")));
        Assert.Equal(onPath, Client.Sidecar.ExecutableFinder.Find("actorembed", environment, folder.Path("app")));
    }

    [PosixFact(Timeout = Patience.Milliseconds)]
    public async Task A_file_that_is_no_executable_is_told()
    {
        using var folder = new TemporaryFolder();
        var sidecar = Create(options => options.ExecutablePath = folder.Write("text"));

        var failure = await FailureAsync(sidecar.StartAsync());

        Assert.Equal(ActorEmbedErrorCode.StartFailed, failure.Code);
        Assert.Contains("could not be run", failure.Message, StringComparison.Ordinal);
        Assert.Null(sidecar.GetStatus().ProcessId);
    }

    [Theory(Timeout = Patience.Milliseconds)]
    [InlineData("no\0path", "stand-in")]
    [InlineData(null, null)]
    public async Task What_no_process_can_be_started_with_is_told_and_not_waited_for(string? executable, string? argument)
    {
        var sidecar = Create(options =>
        {
            StandIn(options);
            options.ExecutablePath = executable ?? options.ExecutablePath;
            options.Arguments.Add(argument!);
        });

        Assert.Equal(ActorEmbedErrorCode.StartFailed, (await FailureAsync(sidecar.StartAsync())).Code);
        Assert.Equal((State.Failed, null), (sidecar.GetStatus().State, sidecar.GetStatus().ProcessId));
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task A_log_that_fails_changes_nothing()
    {
        var options = new ActorEmbedSidecarOptions { Port = 0 };
        StandIn(options);
        await using var sidecar = new ActorEmbedSidecar(options, new BrokenLogger());

        await sidecar.StartAsync().WaitAsync(Patience.Limit);
        using var client = sidecar.CreateClient();

        Assert.Single(await client.EmbedBatchAsync(["a"]));
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task A_start_that_takes_too_long_ends_with_the_process()
    {
        var sidecar = Create(options => StandIn(options, new Scenario { IsNeverReady = true }), Time);

        var starting = FailureAsync(sidecar.StartAsync());
        await Log.LineAsync("listening");
        await Time.RunsAsync(TimeSpan.FromSeconds(120));
        var process = sidecar.GetStatus().ProcessId!.Value;
        Time.Advance(TimeSpan.FromSeconds(120));
        var failure = await starting;

        Assert.Equal(ActorEmbedErrorCode.StartFailed, failure.Code);
        Assert.Contains("not ready within 120000 ms", failure.Message, StringComparison.Ordinal);
        Assert.False(Signals.IsRunning(process));
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task A_start_that_says_what_it_is_doing_may_take_longer()
    {
        var port = FreePort.Find();
        var sidecar = Create(
            options =>
            {
                StandIn(options, new Scenario { IsNeverReady = true });
                options.Port = port;
            },
            Time);
        using var client = new HttpClient();

        var starting = FailureAsync(sidecar.StartAsync());
        await Log.LineAsync("listening");
        await Time.RunsAsync(TimeSpan.FromSeconds(120));
        for (var percent = 1; percent <= 3; percent++)
        {
            Time.Advance(TimeSpan.FromSeconds(119));
            using var answer = await client.PostAsync(
                new Uri($"http://127.0.0.1:{port}/say"), new StringContent($$"""{"event":"progress","model":"a/b","percent":{{percent}}}"""));
            await Log.LineAsync($"\"percent\":{percent}");
        }

        Assert.Equal(State.Starting, sidecar.GetStatus().State);
        Time.Advance(TimeSpan.FromSeconds(120));
        Assert.Contains("not ready within 120000 ms", (await starting).Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task A_stop_ends_a_start()
    {
        var sidecar = Create(options => StandIn(options, new Scenario { IsNeverReady = true }));

        var starting = FailureAsync(sidecar.StartAsync());
        await Log.LineAsync("listening");
        await sidecar.StopAsync();

        Assert.Equal(ActorEmbedErrorCode.Stopped, (await starting).Code);
        Assert.Equal((State.Stopped, null), (sidecar.GetStatus().State, sidecar.GetStatus().ProcessId));
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Cancellation_ends_the_wait_and_not_the_start()
    {
        var sidecar = Create(options => StandIn(options));
        using var cancelled = new CancellationTokenSource();
        var ready = EntersAsync(sidecar, State.Ready);

        var starting = sidecar.StartAsync(cancelled.Token);
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => starting);
        await ready;
    }

    [Theory(Timeout = Patience.Milliseconds)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_server_gets_the_port_the_model_the_device_and_its_parent(bool exitsWithParent)
    {
        var sidecar = Create(options =>
        {
            StandIn(options);
            (options.Model, options.Device, options.ExitWithParent) = ("some/model", "cpu", exitsWithParent);
        });

        await sidecar.StartAsync();

        var parent = exitsWithParent ? $" --exit-with-parent --parent-pid {Environment.ProcessId}" : "";
        Assert.Equal($"flags --port 0 --model some/model --device cpu{parent}", await Log.LineAsync("flags"));
        Assert.Equal("some/model", sidecar.GetStatus().Model);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task A_stranger_on_the_port_is_named_and_not_adopted_however_healthy_it_looks()
    {
        await using var stranger = await ScriptedServer.StartAsync(ScriptedServer.Json(200, """{"status":"ok","model":"m","dim":3,"device":"cpu","model_id":"a/m","version":"1"}"""));
        var sidecar = Create(options =>
        {
            StandIn(options);
            options.Port = stranger.Port;
        });

        var failure = await FailureAsync(sidecar.StartAsync());

        Assert.Equal((ActorEmbedErrorCode.PortInUse, 4), (failure.Code, failure.ExitCode));
        Assert.Contains("another program (Kestrel)", failure.Message, StringComparison.Ordinal);
        Assert.Equal((State.Failed, null), (sidecar.GetStatus().State, sidecar.GetStatus().Url));
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task A_stranger_that_speaks_no_http_is_a_taken_port_too()
    {
        using var stranger = new TcpListener(IPAddress.Loopback, 0);
        stranger.Start();
        var sidecar = Create(options =>
        {
            StandIn(options);
            options.Port = ((IPEndPoint)stranger.LocalEndpoint).Port;
        });

        var starting = FailureAsync(sidecar.StartAsync());
        using var caller = await stranger.AcceptTcpClientAsync().WaitAsync(Patience.Limit);
        await caller.GetStream().WriteAsync("220 mail\r\n"u8.ToArray());
        caller.Close();

        Assert.Equal(ActorEmbedErrorCode.PortInUse, (await starting).Code);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task A_stranger_that_answers_where_our_server_says_it_listens_is_not_adopted()
    {
        await using var stranger = await ScriptedServer.StartAsync(ScriptedServer.Json(200, """{"status":"ok","model_id":"a/m","dim":3}"""));
        var sidecar = Create(options => StandIn(options, new Scenario { ReadyUrl = $"http://127.0.0.1:{stranger.Port}" }));

        Assert.Equal(ActorEmbedErrorCode.PortInUse, (await FailureAsync(sidecar.StartAsync())).Code);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task One_of_our_own_kind_but_of_another_process_is_not_adopted()
    {
        var other = Create(options => StandIn(options));
        await other.StartAsync();
        var sidecar = Create(options => StandIn(options, new Scenario { ReadyUrl = other.GetStatus().Url!.ToString() }));

        var failure = await FailureAsync(sidecar.StartAsync());

        Assert.Equal(ActorEmbedErrorCode.PortInUse, failure.Code);
        Assert.Contains($"pid {other.GetStatus().ProcessId}", failure.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task A_server_behind_another_name_is_known_by_its_process()
    {
        var sidecar = Create(options => StandIn(options, new Scenario { ServerHeader = "something-in-between" }));

        await sidecar.StartAsync();

        Assert.Equal("1.0.0", sidecar.GetStatus().Version);
    }

    [Fact]
    public void All_wrong_options_are_told_together()
    {
        var refusal = Assert.Throws<Microsoft.Extensions.Options.OptionsValidationException>(() => Create(options =>
        {
            options.Port = -1;
            options.StartTimeout = TimeSpan.Zero;
            options.StopTimeout = options.RestartDelay = options.MaxRestartDelay = options.StableAfter = TimeSpan.FromSeconds(-1);
            options.Device = "gpu";
            options.Token = "two words";
        }));

        Assert.Equal(["Port", "StartTimeout", "StopTimeout", "RestartDelay", "MaxRestartDelay", "StableAfter", "Device", "Token"], refusal.Failures.Select(failure => failure.Split(' ')[0]));
    }
}
