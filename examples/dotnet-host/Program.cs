// A .NET host with the server as its sidecar and the client as its embedding generator.
// dotnet run --project examples/dotnet-host
using ActorEmbed.Client;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

var builder = Host.CreateApplicationBuilder(args);
builder.Logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);

// The server starts and stops with the host; 0: on any free port, which the client learns by itself.
builder.Services.AddActorEmbedSidecar(sidecar => sidecar.Port = 0);
builder.Services.AddDistributedMemoryCache();
builder.Services.AddActorEmbedClient().UseDistributedCache().UseLogging();

using var host = builder.Build();
await host.StartAsync();

var generator = host.Services.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>();
var embeddings = await generator.GenerateAsync(["The library opens at nine.", "Die Bibliothek öffnet um neun."]);
// The same text again comes from the cache, without a request.
var again = await generator.GenerateVectorAsync("The library opens at nine.");

var status = host.Services.GetRequiredService<ActorEmbedSidecar>().GetStatus();
Console.WriteLine($"{status.Model} on {status.Url}: {embeddings.Count} vectors of {again.Length} numbers");

await host.StopAsync();
