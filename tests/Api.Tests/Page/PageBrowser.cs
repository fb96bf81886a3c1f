using PuppeteerSharp;

namespace ActorEmbed.Api.Tests.Page;

/// <summary>One Chromium for the tests of the page, one after the other; each of them gets a profile of its own in it.</summary>
[CollectionDefinition(Name)]
public sealed class PageBrowser : IAsyncLifetime, ICollectionFixture<PageBrowser>
{
    public const string Name = "Page";

    // A cold start on a busy machine takes ten seconds; each step of a test a fraction of that.
    private const int PatienceMilliseconds = 120_000;

    private IBrowser? _browser;

    public async Task InitializeAsync()
    {
        // Where there is none the tests are skipped.
        if (Clients.Browser.WhyNot is not null)
            return;
        // No sandbox: it cannot be had as root, and the page is our own.
        _browser = await Puppeteer.LaunchAsync(new LaunchOptions
        {
            ExecutablePath = Clients.Browser.ExecutablePath,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
            // The whole page, so that the mouse reaches everything.
            DefaultViewport = new ViewPortOptions { Width = 1_280, Height = 2_400 },
            Timeout = PatienceMilliseconds,
            ProtocolTimeout = PatienceMilliseconds,
        });
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
    }

    /// <summary>Opens the page of a server, and waits until it knows what that has loaded.</summary>
    /// <param name="address">The server's.</param>
    /// <param name="prepare">Before anything is requested.</param>
    internal async Task<OpenPage> OpenAsync(Uri address, Func<IPage, Task>? prepare = null)
    {
        var page = await BlankAsync(address, prepare);
        await page.GoAsync();
        await page.UntilAsync("document.querySelector('#model').options.length > 0");
        return page;
    }

    /// <summary>A tab in which nothing has been opened yet.</summary>
    internal async Task<OpenPage> BlankAsync(Uri address, Func<IPage, Task>? prepare = null)
    {
        var context = await _browser!.CreateBrowserContextAsync();
        var page = await context.NewPageAsync();
        var session = await page.CreateCDPSessionAsync();
        await session.SendAsync("Browser.grantPermissions", new
        {
            origin = address.GetLeftPart(UriPartial.Authority),
            browserContextId = context.Id,
            permissions = new[] { "clipboardReadWrite", "clipboardSanitizedWrite" },
        });
        page.DefaultTimeout = PatienceMilliseconds;
        if (prepare is not null)
            await prepare(page);
        return new OpenPage(context, page, address);
    }
}
