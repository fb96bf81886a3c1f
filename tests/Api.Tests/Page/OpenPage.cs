using System.Collections.Concurrent;
using PuppeteerSharp;

namespace ActorEmbed.Api.Tests.Page;

/// <summary>
/// The page in a tab. When it is closed, whatever the test was about, there must have been no error in its scripts, no breach of its
/// Content-Security-Policy, no dialog, and no request to anyone but its server.
/// </summary>
internal sealed class OpenPage : IAsyncDisposable
{
    // What Chromium says of a request that was not answered as asked; tests of such answers look at the page.
    private const string FailedRequest = "Failed to load resource";

    private readonly IBrowserContext _context;
    private readonly Uri _address;
    private readonly ConcurrentQueue<string> _faults = [];
    private readonly ConcurrentQueue<Uri> _requests = [];

    public OpenPage(IBrowserContext context, IPage tab, Uri address)
    {
        (_context, Tab, _address) = (context, tab, address);
        tab.PageError += (_, error) => _faults.Enqueue($"error: {error.Message}");
        tab.Console += (_, console) =>
        {
            if (!console.Message.Text.StartsWith(FailedRequest, StringComparison.Ordinal))
                _faults.Enqueue($"console: {console.Message.Text}");
        };
        tab.Dialog += async (_, dialog) =>
        {
            _faults.Enqueue($"dialog: {dialog.Dialog.Message}");
            await dialog.Dialog.Dismiss();
        };
        tab.Request += (_, request) => _requests.Enqueue(new Uri(request.Request.Url));
    }

    public IPage Tab { get; }

    public Task GoAsync() => Tab.GoToAsync(_address.ToString(), WaitUntilNavigation.Load);

    /// <summary>Waits until an expression is true; what the page looks like where it never is.</summary>
    public async Task UntilAsync(string condition)
    {
        try
        {
            // Not with each frame: a tab that nobody sees draws none.
            await Tab.WaitForFunctionAsync($"() => {condition}", new WaitForFunctionOptions { PollingInterval = 50 });
        }
        catch (PuppeteerException)
        {
            Assert.Fail($"Never true: {condition}. The page: {await TextOfAsync("body")} Faults: {string.Join("; ", _faults)}");
        }
    }

    /// <summary>Waits until an element says this.</summary>
    public Task UntilSaysAsync(string selector, string text) =>
        UntilAsync($"document.querySelector('{selector}').textContent.includes({System.Text.Json.JsonSerializer.Serialize(text)})");

    public Task<string> TextOfAsync(string selector) => EvaluateAsync<string>($"document.querySelector('{selector}').innerText");

    public Task<T> EvaluateAsync<T>(string expression) => Tab.EvaluateExpressionAsync<T>(expression);

    /// <summary>Puts lines in the place of what stands there, as pasting does.</summary>
    public async Task PasteAsync(params string[] lines)
    {
        await Tab.BringToFrontAsync();
        await Tab.EvaluateFunctionAsync("text => navigator.clipboard.writeText(text)", string.Join('\n', lines));
        await Tab.FocusAsync("#lines");
        await Tab.EvaluateExpressionAsync("document.querySelector('#lines').select()");
        await PressAsync("Control", "v");
    }

    /// <summary>Presses a key while another is held.</summary>
    public async Task PressAsync(string held, string key)
    {
        await Tab.Keyboard.DownAsync(held);
        await Tab.Keyboard.PressAsync(key);
        await Tab.Keyboard.UpAsync(held);
    }

    /// <summary>Compares the lines that stand there, and waits for everything that is said of them.</summary>
    public async Task CompareAsync()
    {
        await Tab.EvaluateExpressionAsync("for (const id of ['same-note', 'cut-note']) document.getElementById(id).textContent = ''");
        await Tab.ClickAsync("#run");
        await UntilAsync("/^No |pair/.test(document.querySelector('#same-note').textContent) && /^None|cut|tokens, and/.test(document.querySelector('#cut-note').textContent)");
    }

    public async ValueTask DisposeAsync()
    {
        await _context.CloseAsync();
        Assert.Empty(_faults);
        Assert.All(_requests.Where(url => url.Scheme != "data"), url => Assert.Equal(_address.Authority, url.Authority));
    }
}
