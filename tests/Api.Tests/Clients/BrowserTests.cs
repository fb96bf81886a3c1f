namespace ActorEmbed.Api.Tests.Clients;

/// <summary>What a web page can do to a server on the same machine, with the browser's own rules.</summary>
public sealed class BrowserTests
{
    [BrowserFact]
    public async Task A_page_of_another_origin_gets_nothing_and_causes_no_inference()
    {
        await using var server = await TestServer.StartAsync();
        await using var site = await Browser.StartSiteAsync(Embed(server, "application/json", "cors"));

        var page = await Browser.VisitAsync(Browser.OriginOf(site));

        Assert.Contains("blocked: TypeError", page, StringComparison.Ordinal);
        Assert.Empty(server.Model.Batches);
    }

    [BrowserFact]
    public async Task A_page_that_does_not_want_to_see_the_answer_causes_no_inference_either()
    {
        await using var server = await TestServer.StartAsync();
        await using var site = await Browser.StartSiteAsync(Embed(server, "text/plain", "no-cors"));

        var page = await Browser.VisitAsync(Browser.OriginOf(site));

        // The browser sends this one without asking first, and hides the refusal from the page.
        Assert.Contains("status 0", page, StringComparison.Ordinal);
        Assert.Empty(server.Model.Batches);
    }

    [BrowserFact]
    public async Task A_page_of_a_named_origin_is_served()
    {
        // The page calls whatever server its address names, so that the site can be there first.
        await using var site = await Browser.StartSiteAsync(Script("location.search.slice(1)", "application/json", "cors"));
        await using var server = await TestServer.StartAsync(configure: options => options.CorsOrigins = [Browser.OriginOf(site)]);

        var page = await Browser.VisitAsync($"{Browser.OriginOf(site)}/?{server.Client.BaseAddress}embed");

        Assert.Contains("status 200, 2 vectors", page, StringComparison.Ordinal);
    }

    [BrowserFact]
    public async Task The_reading_page_of_the_document_needs_no_network()
    {
        await using var server = await TestServer.StartAsync();

        var page = await Browser.VisitAsync(new Uri(server.Client.BaseAddress!, "/docs").ToString());

        Assert.Contains("Vectors in the order of the texts", page, StringComparison.Ordinal);
    }

    private static string Embed(TestServer server, string contentType, string mode) =>
        Script($"'{server.Client.BaseAddress}embed'", contentType, mode);

    /// <summary>Sends two texts and writes into the page what came of it.</summary>
    private static string Script(string url, string contentType, string mode) => $$"""
        fetch({{url}}, { method: 'POST', mode: '{{mode}}', headers: { 'Content-Type': '{{contentType}}' }, body: '{"texts":["a","b"]}' })
            .then(async r => `status ${r.status}` + (r.ok ? `, ${(await r.json()).vectors.length} vectors` : ''))
            .catch(e => `blocked: ${e.name}`)
            .then(outcome => document.body.textContent = outcome);
        """;
}
