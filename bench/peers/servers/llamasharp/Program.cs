using System.Globalization;
using System.Text.Json;
using ActorEmbed.Peers.LLamaSharp;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

// LLamaSharp behind ASP.NET: LLamaSharpServer GGUF THREADS BEGIN END MAX_TOKENS
if (args is not [var model, .. var numbers] || numbers.Length != 4)
{
    Console.Error.WriteLine("usage: LLamaSharpServer GGUF THREADS BEGIN_ID END_ID MAX_TOKENS");
    return 1;
}

int[] values = [.. numbers.Select(number => int.Parse(number, CultureInfo.InvariantCulture))];
using var encoder = new SequenceEncoder(model, threads: values[0], begin: values[1], end: values[2], maxTokens: values[3]);
// One context works on one batch at a time.
using var turn = new SemaphoreSlim(1);

var builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders();
var server = builder.Build();
server.Urls.Add("http://127.0.0.1:0");
server.MapPost("/embed", async (EmbedRequest request) =>
{
    await turn.WaitAsync();
    try
    {
        return Results.Json(new { vectors = encoder.Encode(request.Texts) });
    }
    finally
    {
        turn.Release();
    }
});
server.Start();
Console.WriteLine(JsonSerializer.Serialize(new { @event = "ready", url = server.Urls.First(), pid = Environment.ProcessId }));
server.WaitForShutdown();
return 0;
