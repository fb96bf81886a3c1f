using System.Text.Json;
using ActorEmbed.Api.Tests.Clients;
using ActorEmbed.Tests.Shared.Models;
using Deque.AxeCore.Commons;
using PuppeteerSharp;

namespace ActorEmbed.Api.Tests.Page;

/// <summary>The page in a real browser: its key, its keyboard, what can be read of it, and the code that it offers.</summary>
[Collection(PageBrowser.Name)]
public sealed class UseTests(PageBrowser browser)
{
    [BrowserFact]
    public async Task The_key_is_asked_for_and_kept_in_memory_alone()
    {
        await using var server = await TestServer.StartAsync(configure: options => options.ApiKey = "the right key");
        await using var page = await browser.BlankAsync(server.Client.BaseAddress!);
        await page.GoAsync();

        await GiveKeyAsync(page, "a wrong key");
        await page.UntilSaysAsync("#key-note", "refused that key");
        await GiveKeyAsync(page, "the right key");
        await page.UntilAsync("document.querySelector('#model').options.length > 0");
        await page.PasteAsync("one", "another");
        await page.CompareAsync();

        Assert.StartsWith("Lines 1 and 2: ", await page.TextOfAsync("#pair p"), StringComparison.Ordinal);
        Assert.Equal("", await page.EvaluateAsync<string>("document.cookie + Object.values(localStorage) + Object.values(sessionStorage) + document.querySelector('#key').value"));
        var code = await page.TextOfAsync("#code");
        Assert.Contains("Bearer $ACTOREMBED_API_KEY", code, StringComparison.Ordinal);
        Assert.DoesNotContain("right key", await page.EvaluateAsync<string>("document.documentElement.outerHTML"), StringComparison.Ordinal);
    }

    [BrowserFact]
    public async Task Code_in_four_languages_is_copied_as_it_is_shown()
    {
        await using var server = await TestServer.StartAsync();
        await using var page = await browser.OpenAsync(server.Client.BaseAddress!);
        await page.PasteAsync("it's \"quoted\"", "two");
        await page.Tab.SelectAsync("#input-type", "document");
        await page.UntilSaysAsync("#lines-note", "2 lines.");

        foreach (var (language, expected) in new[]
        {
            ("curl", $$"""-d '{"texts": ["it\u0027s \"quoted\"", "two"], "input_type": "document"}'"""),
            ("python", """json={"texts": ["it's \"quoted\"", "two"], "input_type": "document"},"""),
            ("typescript", "await client.embedBatch([\"it's \\\"quoted\\\"\", \"two\"]);"),
            ("csharp", "await client.EmbedBatchAsync([\"it's \\\"quoted\\\"\", \"two\"]);"),
        })
        {
            await page.Tab.ClickAsync($"[data-language={language}]");
            await page.Tab.ClickAsync("#copy");
            await page.UntilSaysAsync("#copied", "Copied.");
            var copied = await page.EvaluateAsync<string>("navigator.clipboard.readText()");

            Assert.Equal(await page.TextOfAsync("#code"), copied);
            Assert.Contains(expected, copied, StringComparison.Ordinal);
            Assert.Contains(server.Client.BaseAddress!.GetLeftPart(UriPartial.Authority), copied, StringComparison.Ordinal);
        }
    }

    [BrowserFact]
    public async Task The_chosen_one_of_several_models_is_asked_by_its_name()
    {
        var (first, second) = (new ScriptedModel { Id = "tests/first" }, new ScriptedModel { Id = "tests/second" });
        await using var server = await TestServer.StartAsync([(first, null, "tests/first"), (second, "search", "tests/second")]);
        await using var page = await browser.OpenAsync(server.Client.BaseAddress!);
        await page.UntilAsync("document.querySelector('#model').options.length === 2");
        await page.PasteAsync("one", "another");
        await page.Tab.SelectAsync("#model", "search");
        await page.CompareAsync();

        Assert.Empty(first.Batches);
        Assert.Equal(["one", "another"], second.Batches.Single());
        Assert.Contains("\"model\": \"search\"", await page.TextOfAsync("#code"), StringComparison.Ordinal);
        Assert.True(await page.EvaluateAsync<bool>("document.querySelector('#rerank').hidden"));
    }

    [BrowserFact]
    public async Task A_reranker_ranks_the_lines_for_a_question()
    {
        await using var server = await TestServer.StartAsync([(new ScriptedModel { Id = "tests/first" }, null, "tests/first"), (new ScriptedModel { Id = "tests/reranker" }, null, "tests/reranker")]);
        await using var page = await browser.OpenAsync(server.Client.BaseAddress!, tab =>
            Answers.InPlaceOfAsync(tab, new()
            {
                ["/info?model=tests%2Freranker"] = """{"kind":"reranker","version":"1","settings":{"max_texts":100}}""",
                ["/rerank"] = """[{"index":1,"score":0.9},{"index":0,"score":0.1}]""",
            }));
        await page.UntilAsync("!document.querySelector('#rerank').hidden");
        await page.PasteAsync("far off", "to the point");

        await page.Tab.TypeAsync("#question", "what?");
        await page.Tab.Keyboard.PressAsync("Enter");

        await page.UntilAsync("document.querySelector('#ranked').children.length === 2");
        Assert.Contains("0.9000 line 2: to the point", await page.TextOfAsync("#ranked"), StringComparison.Ordinal);
        Assert.Equal("tests/first", await page.EvaluateAsync<string>("[...document.querySelector('#model').options].map(option => option.value).join()"));
    }

    [BrowserFact]
    public async Task The_page_can_be_read_in_light_and_dark_and_by_a_screen_reader()
    {
        await using var server = await TestServer.StartAsync();
        await using var page = await browser.OpenAsync(server.Client.BaseAddress!);
        await page.PasteAsync("one", "another", new string('x', 200), "one");
        await page.CompareAsync();
        await page.EvaluateAsync<object>(new BundledAxeScriptProvider().GetScript() + ";null");

        foreach (var theme in new[] { "light", "dark" })
        {
            await page.Tab.EmulateMediaFeaturesAsync([new MediaFeatureValue { MediaFeature = MediaFeature.PrefersColorScheme, Value = theme }]);
            foreach (var view in new[] { "try", "watch" })
            {
                await page.Tab.ClickAsync($"#tab-{view}");
                var result = await page.EvaluateAsync<JsonElement>("axe.run().then(result => ({ violations: result.violations.map(v => v.id + ' at ' + v.nodes.map(n => n.target).join()), passes: result.passes.map(p => p.id) }))");

                Assert.Equal((theme, view, ""), (theme, view, string.Join("; ", result.GetProperty("violations").EnumerateArray())));
                // It was looked at.
                Assert.Contains("color-contrast", result.GetProperty("passes").EnumerateArray().Select(rule => rule.GetString()));
            }
        }
    }

    [BrowserFact]
    public async Task The_keyboard_reaches_everything_and_shows_where_it_is()
    {
        await using var server = await TestServer.StartAsync();
        await using var page = await browser.OpenAsync(server.Client.BaseAddress!);
        await page.PasteAsync("one", "another");
        await page.PressAsync("Control", "Enter");
        await page.UntilSaysAsync("#variance", "variance");
        await page.Tab.FocusAsync("#tab-try");

        var reached = new List<string>();
        for (var i = 0; i < 40; i++)
        {
            await page.Tab.Keyboard.PressAsync("Tab");
            var (id, outline) = await FocusedAsync(page);
            if (id.Length == 0)
                break;
            Assert.NotEqual((id, "none"), (id, outline));
            reached.Add(id);
        }

        Assert.Superset(new HashSet<string> { "lines", "model", "input-type", "file", "run", "example", "matrix", "map", "chosen", "threshold", "copy", "code", "docs-link" }, reached.ToHashSet());
        Assert.Distinct(reached.Where(id => id != "language"));
        await page.Tab.FocusAsync("#tab-try");
        await page.Tab.Keyboard.PressAsync("ArrowRight");
        Assert.Equal("tab-watch", (await FocusedAsync(page)).Id);
        Assert.True(await page.EvaluateAsync<bool>("!document.querySelector('#watch').hidden && document.querySelector('#try').hidden && location.hash === '#watch'"));
    }

    [BrowserFact]
    public async Task A_phone_shows_it_without_scrolling_sideways()
    {
        await using var server = await TestServer.StartAsync();
        await using var page = await browser.OpenAsync(server.Client.BaseAddress!);
        await page.PasteAsync("one", new string('w', 500), "another");
        await page.CompareAsync();

        await page.Tab.SetViewportAsync(new ViewPortOptions { Width = 360, Height = 740 });
        foreach (var view in new[] { "try", "watch" })
        {
            await page.Tab.ClickAsync($"#tab-{view}");
            Assert.Equal(360, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        }
    }

    private static async Task GiveKeyAsync(OpenPage page, string key)
    {
        await page.UntilAsync("document.querySelector('#key-dialog').open");
        await page.Tab.TypeAsync("#key", key);
        await page.Tab.Keyboard.PressAsync("Enter");
    }

    /// <summary>The id of what has the focus, empty for nothing, and how it shows that.</summary>
    private static async Task<(string Id, string Outline)> FocusedAsync(OpenPage page)
    {
        var focused = await page.EvaluateAsync<string[]>("""
            (element => [element === document.body ? '' : element.dataset.language ? 'language' : element.id, getComputedStyle(element).outlineStyle])(document.activeElement)
            """);
        return (focused[0], focused[1]);
    }
}
