using System.Text.Json;
using ActorEmbed.Api.Tests.Clients;
using ActorEmbed.Tests.Shared.Models;

namespace ActorEmbed.Api.Tests.Page;

/// <summary>The page in a real browser, about texts that are pasted.</summary>
[Collection(PageBrowser.Name)]
public sealed class TryTests(PageBrowser browser)
{
    [BrowserFact]
    public async Task The_matrix_of_pasted_lines_is_that_of_the_vectors_of_embed()
    {
        await using var server = await TestServer.StartAsync();
        await using var page = await browser.OpenAsync(server.Client.BaseAddress!);
        string[] lines = ["one", "another", "and a third", "Ελληνικά", "עברית"];
        await page.Tab.SelectAsync("#input-type", "query");
        await page.PasteAsync(lines);
        await page.CompareAsync();

        var read = new List<string>();
        await page.Tab.FocusAsync("#matrix");
        for (var row = 0; row < lines.Length; row++)
        {
            await page.Tab.Keyboard.PressAsync("Home");
            for (var column = 0; column < lines.Length; column++)
            {
                read.Add(await page.TextOfAsync("#pair p"));
                await page.Tab.Keyboard.PressAsync("ArrowRight");
            }

            await page.Tab.Keyboard.PressAsync("ArrowDown");
        }

        var (_, body) = await server.PostAsync(JsonSerializer.Serialize(new { texts = lines, input_type = "query" }));
        var vectors = TestServer.VectorsOf(body);
        var expected =
            from row in Enumerable.Range(0, lines.Length)
            from column in Enumerable.Range(0, lines.Length)
            select FormattableString.Invariant($"Lines {row + 1} and {column + 1}: {vectors[row].Zip(vectors[column], (a, b) => a * b).Sum():F3}");
        Assert.Equal(expected, read);
    }

    [BrowserFact]
    public async Task A_pair_is_read_where_the_mouse_is_and_a_click_shows_the_nearest_lines()
    {
        await using var server = await TestServer.StartAsync();
        await using var page = await browser.OpenAsync(server.Client.BaseAddress!);
        await page.PasteAsync([.. Enumerable.Range(0, 40).Select(i => $"line {i} {i * 7919 % 31}")]);
        await page.CompareAsync();

        // Beyond thirty lines the cells fill the whole of it.
        var box = await (await page.Tab.QuerySelectorAsync("#matrix")).BoundingBoxAsync();
        await page.Tab.Mouse.MoveAsync(box.X + (box.Width * 4.5m / 40), box.Y + (box.Height * 6.5m / 40));
        var read = await page.TextOfAsync("#pair p");
        await page.Tab.Mouse.DownAsync();
        await page.Tab.Mouse.UpAsync();
        await page.UntilAsync("document.querySelector('#chosen').value === '6' && document.querySelector('#neighbours:not([aria-busy])')");

        Assert.StartsWith("Lines 7 and 5: ", read, StringComparison.Ordinal);
        var own = ScriptedModel.UnitVectorOf("line 6 " + (6 * 7919 % 31));
        var nearest = Enumerable.Range(0, 40).Where(i => i != 6).Max(i => ScriptedModel.UnitVectorOf($"line {i} {i * 7919 % 31}").Zip(own, (a, b) => a * b).Sum());
        Assert.StartsWith(nearest.ToString("F3", System.Globalization.CultureInfo.InvariantCulture), await page.TextOfAsync("#neighbours li"), StringComparison.Ordinal);
    }

    [BrowserFact]
    public async Task Duplicates_and_cut_lines_are_named_with_their_tokens()
    {
        await using var server = await TestServer.StartAsync();
        await using var page = await browser.OpenAsync(server.Client.BaseAddress!);
        await page.PasteAsync("the same", "something else", new string('x', 200), "the same");
        await page.CompareAsync();

        Assert.Contains("1.000 lines 1 and 4, the same text: the same", await page.TextOfAsync("#same"), StringComparison.Ordinal);
        Assert.Contains("1 line of 4: the model reads 128 tokens", await page.TextOfAsync("#cut-note"), StringComparison.Ordinal);
        // Every character of the scripted model is a token, and there are two special ones.
        Assert.Contains("Line 3, 202 tokens", await page.TextOfAsync("#cut"), StringComparison.Ordinal);
        Assert.Contains("1 line cut", await page.TextOfAsync("#outcome"), StringComparison.Ordinal);
    }

    [BrowserFact]
    public async Task The_map_says_how_much_of_the_variance_it_shows()
    {
        await using var server = await TestServer.StartAsync();
        await using var page = await browser.OpenAsync(server.Client.BaseAddress!);

        // Three points lie in a plane, two on a line; of one there is nothing to show.
        foreach (var (lines, said) in new[] { (new[] { "a", "bb", "ccc" }, "show 100 % of the variance"), (["a", "bb"], "100 % across, 0 % up"), (["a", "a"], "All lines have the same vector") })
        {
            await page.PasteAsync(lines);
            await page.CompareAsync();
            Assert.Contains(said, await page.TextOfAsync("#variance"), StringComparison.Ordinal);
        }
    }

    [BrowserTheory]
    [InlineData(500)]
    [InlineData(5_200)]
    public async Task Many_lines_are_shown_in_blocks_and_all_of_them_are_compared(int count)
    {
        await using var server = await TestServer.StartAsync();
        await using var page = await browser.OpenAsync(server.Client.BaseAddress!);
        var taken = Math.Min(count, 5_000);
        await page.PasteAsync([.. Enumerable.Range(0, count).Select(i => $"{(char)('a' + (i % 26))}{i}")]);
        await page.CompareAsync();

        Assert.Contains($"{taken.ToString("N0", System.Globalization.CultureInfo.InvariantCulture)} lines,", await page.TextOfAsync("#outcome"), StringComparison.Ordinal);
        Assert.Equal(count > taken, (await page.TextOfAsync("#lines-note")).Contains("200 are left out", StringComparison.Ordinal));
        Assert.Equal(taken, await page.EvaluateAsync<int>("document.querySelector('#chosen').options.length"));
        Assert.Equal(taken > 500, await page.EvaluateAsync<bool>("!document.querySelector('#blocks').hidden"));
        if (taken > 500)
        {
            await page.Tab.ClickAsync("#block-after");
            await page.UntilSaysAsync("#block-range", "Lines 501 to 1000 of 5000");
            Assert.StartsWith("Lines 501 and 502: ", await page.TextOfAsync("#pair p"), StringComparison.Ordinal);
        }
    }

    [BrowserFact]
    public async Task What_is_pasted_stays_text_in_its_own_direction()
    {
        await using var server = await TestServer.StartAsync();
        await using var page = await browser.OpenAsync(server.Client.BaseAddress!);
        string[] hostile = ["<img src=x onerror=alert(1)>", "</textarea><script>alert(2)</script>", "\u202Egnp.exe", "שלום <b>עולם</b>", new string('w', 300_000), "' && echo '"];
        var before = await page.EvaluateAsync<int>("document.querySelectorAll('img, script, b, svg').length");
        await page.PasteAsync(hostile);
        await page.CompareAsync();
        await page.Tab.SelectAsync("#chosen", "3");
        await page.UntilAsync("document.querySelector('#neighbours:not([aria-busy])')?.children.length === 5");

        Assert.Equal(before, await page.EvaluateAsync<int>("document.querySelectorAll('img, script, b, svg').length"));
        Assert.Contains(hostile[0], await page.TextOfAsync("#neighbours"), StringComparison.Ordinal);
        Assert.True(await page.EvaluateAsync<bool>("[...document.querySelectorAll('.texts bdi, .readout bdi')].every(quote => quote.dir === 'auto')"));
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"));
        // Code that is copied is what it looks like, and ends no quote of a shell.
        var code = await page.TextOfAsync("#code");
        Assert.Contains("\\u202egnp.exe", code, StringComparison.Ordinal);
        await page.PasteAsync(hostile[5]);
        await page.UntilSaysAsync("#lines-note", "1 line.");
        Assert.Contains("\\u0027 && echo \\u0027", await page.TextOfAsync("#code"), StringComparison.Ordinal);
    }

    [BrowserFact]
    public async Task A_file_that_is_chosen_stands_in_the_place_of_what_was_pasted()
    {
        await using var server = await TestServer.StartAsync();
        await using var page = await browser.OpenAsync(server.Client.BaseAddress!);
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "first\r\n\r\nsecond\u2028third\n");

        await (await page.Tab.QuerySelectorAsync("#file")).UploadFileAsync(file);
        await page.UntilSaysAsync("#lines-note", "3 lines.");
        await page.CompareAsync();
        File.Delete(file);

        Assert.Contains(server.Model.Batches, batch => batch.SequenceEqual(["first", "second", "third"]));
    }

    [BrowserFact]
    public async Task A_request_that_is_refused_is_told_in_the_servers_words_and_nothing_is_lost()
    {
        await using var server = await TestServer.StartAsync(configure: options => options.MaxTextCharacters = 10);
        await using var page = await browser.OpenAsync(server.Client.BaseAddress!);
        await page.PasteAsync("short", "much longer than ten characters");

        await page.Tab.ClickAsync("#run");
        await page.UntilSaysAsync("#outcome", "Lines 1 to 2: ");

        Assert.Contains("10", await page.TextOfAsync("#outcome"), StringComparison.Ordinal);
        Assert.Equal("short\nmuch longer than ten characters", await page.EvaluateAsync<string>("document.querySelector('#lines').value"));
    }
}
