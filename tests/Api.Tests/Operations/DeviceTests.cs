using System.Net;
using ActorEmbed.Api.Hosting.Models;
using ActorEmbed.Inference;
using ActorEmbed.Tests.Shared.Devices;
using ActorEmbed.Tests.Shared.Models;
using ActorEmbed.Tests.Shared.Processes;

namespace ActorEmbed.Api.Tests.Operations;

/// <summary>The server on a machine with an accelerator, and on one without.</summary>
public sealed class DeviceTests
{
    private readonly ScriptedDevice _device = new();

    [Theory]
    [InlineData(DeviceChoice.Auto, "cuda")]
    [InlineData(DeviceChoice.Mps, "mps")]
    public async Task Health_and_info_say_where_the_model_really_runs(DeviceChoice choice, string device)
    {
        _device.IsApple = device == "mps";
        using var model = TestModels.Copy(TestModels.XlmrTiny);
        await using var server = await StartAsync(model, choice);

        var (response, vectors) = await server.PostAsync("""{"texts":["text"]}""");
        var (_, health) = await server.GetAsync("/health");
        var (_, info) = await server.GetAsync("/info");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Single(TestServer.VectorsOf(vectors));
        Assert.Contains($"\"device\":\"{device}\"", server.StandardOutput.ToString(), StringComparison.Ordinal);
        Assert.Equal(
            (device, device, "fp16"),
            (health.GetProperty("device").GetString(), info.GetProperty("device").GetString(), info.GetProperty("precision").GetString()));
    }

    [Theory]
    [InlineData(DeviceChoice.Cuda)]
    [InlineData(DeviceChoice.Mps)]
    public async Task A_device_that_is_lost_costs_no_request_where_a_fresh_session_helps(DeviceChoice choice)
    {
        _device.IsApple = choice == DeviceChoice.Mps;
        using var model = TestModels.Copy(TestModels.XlmrTiny);
        await using var server = await StartAsync(model, choice);
        await server.PostAsync("""{"texts":["before"]}""");
        var opened = _device.Opened.Count;

        _device.IsLost = true;
        var (response, vectors) = await server.PostAsync("""{"texts":["one","two"]}""");

        Assert.Equal((HttpStatusCode.OK, 2), (response.StatusCode, TestServer.VectorsOf(vectors).Length));
        Assert.Equal(opened + 1, _device.Opened.Count);
        Assert.NotEmpty(server.Log.Containing("The device failed"));
    }

    [Theory]
    [InlineData(DeviceChoice.Auto, false)]
    [InlineData(DeviceChoice.Auto, true)]
    [InlineData(DeviceChoice.Mps, false)]
    [InlineData(DeviceChoice.Mps, true)]
    public async Task A_device_that_stays_lost_is_exit_code_5_and_nobody_is_left_without_an_answer(DeviceChoice choice, bool isGone)
    {
        _device.IsApple = choice == DeviceChoice.Mps;
        using var model = TestModels.Copy(TestModels.XlmrTiny);
        await using var server = await StartAsync(model, choice);
        await server.PostAsync("""{"texts":["before"]}""");

        (_device.IsLost, _device.IsLostForGood) = (true, true);
        _device.WhyNot = isGone ? "the driver finds no accelerator" : null;
        var (response, _) = await server.PostAsync("""{"texts":["one","two","three"]}""");
        await server.WaitForShutdownAsync();

        Assert.True((int)response.StatusCode >= 500, $"{response.StatusCode}");
        Assert.Equal(ExitCode.InferenceFailed, server.Lifecycle.ExitCode);
    }

    [Theory]
    [InlineData("--device cuda", 3, "actorembed: The device cuda cannot be had: this build of ActorEmbed does not run on NVIDIA's accelerators")]
    [InlineData("--device mps", 3, "actorembed: The device mps cannot be had: Apple's accelerators are used on macOS on Apple silicon, and this is ")]
    [InlineData("--device gpu", 2, "actorembed: Device must be auto or cpu or cuda or mps, but is 'gpu' (--device).")]
    [InlineData("--device cuda --precision int8", 2, "actorembed: Device cuda and Precision int8 exclude each other")]
    public async Task A_device_that_is_named_and_cannot_be_had_is_one_line_and_a_code(string options, int exitCode, string line)
    {
        await using var server = ServerProcess.Start(Path.GetTempPath(), ["--port", "0", .. options.Split(' ')]);

        var (code, _, errors) = await server.WaitForExitAsync();

        Assert.Equal(exitCode, code);
        Assert.StartsWith(line, Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [PosixFact]
    public async Task Auto_serves_on_the_processor_without_a_word_where_this_build_has_nothing_else()
    {
        using var model = TestModels.Copy(TestModels.XlmrTiny);
        await using var server = await ServerProcess.StartReadyAsync("--port", "0", "--model", model.Directory);

        var health = await server.Client.GetStringAsync($"{server.Ready.GetProperty("url").GetString()}/health");
        server.Terminate();
        var (_, _, errors) = await server.WaitForExitAsync();

        Assert.Contains("\"device\":\"cpu\"", health, StringComparison.Ordinal);
        Assert.DoesNotContain("Runs on the cpu", errors, StringComparison.Ordinal);
    }

    [PosixFact]
    public async Task A_parent_hears_that_it_is_the_device_that_cannot_be_had()
    {
        await using var server = ServerProcess.Start(Path.GetTempPath(), ["--port", "0", "--device", "cuda", "--exit-with-parent"]);

        var (code, output, _) = await server.WaitForExitAsync();

        Assert.Equal(3, code);
        Assert.Contains("\"event\":\"failed\",\"reason\":\"device\"", output, StringComparison.Ordinal);
    }

    private Task<TestServer> StartAsync(TestModels.TemporaryCopy model, DeviceChoice choice) => TestServer.StartAsync(
        new ScriptedModel(),
        [new ModelToServe(_ => _device.Load(model.Directory, new ModelOptions { Device = choice, Threads = 2 }))],
        options => (options.Scheduling.MinRestartDelay, options.Scheduling.MaxRestartDelay) = (TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(5)));
}
