using PuppeteerSharp;

namespace ActorEmbed.Api.Tests.Page;

/// <summary>Answers in the place of the server's, for what the scripted server does not have.</summary>
internal static class Answers
{
    /// <param name="tab">Whose requests are answered.</param>
    /// <param name="bodies">By path and query of the server; requests to all others go to it.</param>
    /// <param name="contentType">Of those bodies.</param>
    public static async Task InPlaceOfAsync(IPage tab, Dictionary<string, string> bodies, string contentType = "application/json")
    {
        await tab.SetRequestInterceptionAsync(true);
        tab.Request += async (_, request) =>
        {
            if (bodies.TryGetValue(new Uri(request.Request.Url).PathAndQuery, out var body))
                await request.Request.RespondAsync(new ResponseData { ContentType = contentType, Body = body });
            else
                await request.Request.ContinueAsync();
        };
    }
}
