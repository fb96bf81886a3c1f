using ActorEmbed.Api.Hosting.Models;
using ActorEmbed.Api.Http.Page.Live;
using ActorEmbed.Api.Tests.Clients;
using ActorEmbed.Inference.Hub;
using ActorEmbed.Tests.Shared.Models;
using ActorEmbed.Tests.Shared.Processes;

namespace ActorEmbed.Api.Tests.Page;

/// <summary>The page in a real browser, about what the server does.</summary>
[Collection(PageBrowser.Name)]
public sealed class WatchTests(PageBrowser browser)
{
    [BrowserFact]
    public async Task A_load_shows_in_charts_and_figures_while_it_lasts_and_after()
    {
        using var gate = new ManualResetEventSlim();
        await using var server = await TestServer.StartAsync(new ScriptedModel { OnBatch = _ => gate.Wait(ScriptedModel.GateTimeout) });
        await using var page = await browser.OpenAsync(server.Client.BaseAddress!);
        await page.Tab.ClickAsync("#tab-watch");

        var big = server.PostAsync($$"""{"texts":[{{string.Join(',', Enumerable.Range(0, 100).Select(i => $"\"text {i}\""))}}]}""");
        await server.InferenceStartedAsync();
        // 32 of them are in the batch.
        await page.UntilAsync($"{Chart("Texts waiting")}.startsWith('Texts waiting: now 68,')");
        gate.Set();
        await big;
        await server.PostAsync("""{"texts":["a small one"]}""");

        await page.UntilAsync($"{Figure("Texts")} === '101' && {Figure("Requests answered")} === '2'");
        await page.UntilAsync($"{Chart("Texts waiting")}.startsWith('Texts waiting: now 0, highest of ten minutes 68')");
        await page.UntilAsync($"/now [0-9.]+ (ms|s) · [0-9.]+ (ms|s)/.test({Chart("Small requests")}) && /now [0-9.]+ (ms|s) · [0-9.]+ (ms|s)/.test({Chart("Big requests")})");
    }

    [BrowserFact]
    public async Task The_next_page_knows_what_another_one_has_seen()
    {
        await using var server = await TestServer.StartAsync();
        await using var first = await browser.OpenAsync(server.Client.BaseAddress!);
        await server.PostAsync($$"""{"texts":[{{string.Join(',', Enumerable.Range(0, 64).Select(i => $"\"text {i}\""))}}]}""");
        await first.Tab.ClickAsync("#tab-watch");
        await first.UntilAsync($"{Chart("Texts in a batch")}.includes('highest of ten minutes 32')");

        await using var second = await browser.OpenAsync(server.Client.BaseAddress!);
        await second.Tab.ClickAsync("#tab-watch");

        await second.UntilAsync($"{Chart("Texts in a batch")}.includes('highest of ten minutes 32')");
    }

    [BrowserFact]
    public async Task Nobody_looks_at_the_server_once_the_last_page_is_closed()
    {
        await using var server = await TestServer.StartAsync();
        var sampler = server.Get<LiveSampler>();
        await using (var page = await browser.OpenAsync(server.Client.BaseAddress!))
            Assert.True(sampler.IsRunning);

        await Eventually.TrueAsync(async () =>
        {
            await server.GetAsync("/health");
            return !sampler.IsRunning;
        });
    }

    [BrowserFact]
    public async Task A_pull_and_a_compilation_are_shown_with_their_progress()
    {
        using var gate = new ManualResetEventSlim();
        await using var server = await TestServer.StartAsync(new ScriptedModel { OnLoad = _ => gate.Wait(ScriptedModel.GateTimeout) });
        var progress = server.Get<LoadProgress>();
        progress.Report(new PullProgress(
            PullStage.Downloading, "tests/scripted", "model.safetensors", FileBytes: 400_000_000, FileSize: 900_000_000, Bytes: 500_000_000, Size: 1_000_000_000, Note: null));
        await using var page = await browser.BlankAsync(server.Client.BaseAddress!);
        await page.GoAsync();

        await page.UntilSaysAsync("#loading-text", "tests/scripted: downloading, 500 MB of 1,000 MB");
        Assert.Equal(0.5, await page.EvaluateAsync<double>("document.querySelector('#loading-bar').value"));
        progress.BeginCompiling("tests/scripted");
        await page.UntilSaysAsync("#loading-text", "tests/scripted: compiling");
        Assert.False(await page.EvaluateAsync<bool>("document.querySelector('#loading-bar').hasAttribute('value')"));
        progress.End();
        gate.Set();

        await page.UntilAsync("document.querySelector('#state').dataset.state === 'ready' && document.querySelector('#loading').hidden");
    }

    [BrowserFact]
    public async Task A_server_that_is_killed_is_missed_and_found_again_and_the_lines_stay()
    {
        await using var first = await ServerProcess.StartReadyAsync("--port", "0");
        await using var page = await browser.OpenAsync(first.Client.BaseAddress!);
        await page.PasteAsync("one line", "and another");
        await page.CompareAsync();
        var pair = await page.TextOfAsync("#pair");

        first.Kill();
        await first.WaitForExitAsync();
        await page.UntilSaysAsync("#state", "no connection");
        Assert.Contains("Trying again", await page.TextOfAsync("#trouble"), StringComparison.Ordinal);
        await page.Tab.ClickAsync("#run");
        await page.UntilSaysAsync("#outcome", "cannot be reached");
        Assert.Equal(pair, await page.TextOfAsync("#pair"));

        await using var second = await ServerProcess.StartReadyAsync("--port", first.Client.BaseAddress!.Port.ToString(System.Globalization.CultureInfo.InvariantCulture));
        await page.UntilSaysAsync("#state", "ready");
        await page.CompareAsync();

        Assert.Equal(pair, await page.TextOfAsync("#pair"));
    }

    [BrowserFact]
    public async Task The_nodes_of_a_cluster_stand_in_a_table()
    {
        await using var server = await TestServer.StartAsync();
        await using var page = await browser.BlankAsync(server.Client.BaseAddress!, tab => Answers.InPlaceOfAsync(tab, new() { ["/page/live"] = """
            data: [{"at":1,"memory_bytes":1,"processor_seconds":1,"models":[{"id":"tests/scripted","state":"ready","queued_requests":0,"queued_texts":0,"counters":{"answered":0,"rejected":0,"batches":0,"texts":0,"tokens":0,"truncated":0,"restarts":0,"lost_batches":0},"nodes":[{"address":"10.0.0.2:8422","state":"busy","batches":7,"texts":200,"lost_batches":1,"seconds_since_seen":0.5},{"address":"10.0.0.3:8422","state":"refused","reason":"Another model.","batches":0,"texts":0,"lost_batches":0,"seconds_since_seen":3}]}]}]


            """ }, "text/event-stream"));
        await page.GoAsync();
        await page.Tab.ClickAsync("#tab-watch");

        await page.UntilAsync("document.querySelector('#node-rows').children.length === 2");
        var rows = await page.TextOfAsync("#node-rows");
        Assert.Contains("10.0.0.2:8422\tbusy\t0\t7\t200\t1\t0.5 s ago", rows, StringComparison.Ordinal);
        Assert.Contains("refused: Another model.", rows, StringComparison.Ordinal);
    }

    private static string Chart(string title) => $"([...document.querySelectorAll('.chart canvas')].map(chart => chart.ariaLabel ?? '').find(label => label.startsWith('{title}:')) ?? '')";

    private static string Figure(string name) => $"[...document.querySelectorAll('#figures div')].find(figure => figure.firstChild.textContent === '{name}')?.lastChild.textContent";
}
