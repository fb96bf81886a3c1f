using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using ActorEmbed.Api.Tests.Clients;
using ActorEmbed.Tests.Shared.Processes;
using PuppeteerSharp;

namespace ActorEmbed.Api.Tests.Page;

/// <summary>
/// The pictures of the documents, of the real server with the model that comes with it. <c>scripts/page-screenshots.sh</c> names the
/// folder that they go to, and lets the load that they show last longer.
/// </summary>
[Collection(PageBrowser.Name)]
public sealed class ScreenshotTests(PageBrowser browser) : IDisposable
{
    private const string FolderVariable = "ACTOREMBED_TEST_SCREENSHOTS";
    private const string LoadSecondsVariable = "ACTOREMBED_TEST_SCREENSHOT_LOAD_SECONDS";

    private static readonly string[] Lines =
    [
        "The library opens at nine in the morning.", "Die Bibliothek öffnet um neun Uhr morgens.", "La bibliothèque ouvre à neuf heures du matin.",
        "Библиотека открывается в девять утра.", "تفتح المكتبة في التاسعة صباحا.", "You can borrow books from nine o’clock on.",
        "The printer is out of paper.", "Der Drucker hat kein Papier mehr.", "La stampante ha finito la carta.",
        "The train to the coast was late again.", "Le train pour la côte était encore en retard.",
    ];

    private readonly DirectoryInfo _temporary = Directory.CreateTempSubdirectory("actorembed-screenshots-");

    private string Folder => Environment.GetEnvironmentVariable(FolderVariable) ?? _temporary.FullName;

    public void Dispose() => _temporary.Delete(recursive: true);

    [BrowserFact]
    public async Task Both_views_have_a_picture_in_light_and_dark()
    {
        await using var server = await ServerProcess.StartReadyAsync("--port", "0");
        await using var page = await browser.OpenAsync(server.Client.BaseAddress!);
        await page.Tab.SetViewportAsync(new ViewPortOptions { Width = 1_100, Height = 1_640 });
        await page.PasteAsync(Lines);
        await page.CompareAsync();
        await page.Tab.SelectAsync("#chosen", "6");
        await page.UntilSaysAsync("#neighbours", "stampante");
        await page.EvaluateAsync<object>("document.activeElement.blur(); document.querySelector('#lines').scrollTop = 0");
        await TakeAsync(page, "try");

        await page.Tab.SetViewportAsync(new ViewPortOptions { Width = 1_100, Height = 760 });
        await page.Tab.ClickAsync("#tab-watch");
        await LoadAsync(server.Client);
        await TakeAsync(page, "watch");
    }

    private async Task TakeAsync(OpenPage page, string view)
    {
        var pictures = new List<byte[]>();
        foreach (var theme in new[] { "light", "dark" })
        {
            await page.Tab.EmulateMediaFeaturesAsync([new MediaFeatureValue { MediaFeature = MediaFeature.PrefersColorScheme, Value = theme }]);
            var picture = await page.Tab.ScreenshotDataAsync();
            await File.WriteAllBytesAsync(Path.Combine(Folder, $"page-{view}-{theme}.png"), picture);
            pictures.Add(picture);
        }

        Assert.NotEqual(pictures[0], pictures[1]);
    }

    /// <summary>A bulk client and single texts beside it.</summary>
    private static async Task LoadAsync(HttpClient client)
    {
        var length = TimeSpan.FromSeconds(double.Parse(Environment.GetEnvironmentVariable(LoadSecondsVariable) ?? "2", CultureInfo.InvariantCulture));
        var start = Stopwatch.GetTimestamp();
        for (var round = 0; Stopwatch.GetElapsedTime(start) < length; round++)
        {
            // More and less of it in turn, so that there is something to see.
            var texts = 40 + (int)(30 * (1 + Math.Sin(round / 40.0)));
            var bulk = PostAsync(client, [.. Enumerable.Range(0, texts).Select(i => $"{Lines[i % Lines.Length]} {round} {i}")]);
            await PostAsync(client, [$"{Lines[round % Lines.Length]} {round}"]);
            await bulk;
        }
    }

    private static async Task PostAsync(HttpClient client, string[] texts)
    {
        using var response = await client.PostAsJsonAsync("/embed", new { texts });
        Assert.True(response.IsSuccessStatusCode);
    }
}
