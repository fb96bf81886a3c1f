using ActorEmbed.Actors.Hosting;
using ActorEmbed.Actors.Messages;
using ActorEmbed.Actors.Router;
using Akka.Actor;
using Akka.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ActorEmbed.Documents.Tests.Snippets;

internal static class HostWithAkka
{
    public static async Task<EmbedReply> RunAsync(HostApplicationBuilder builder)
    {
        #region shown
        builder.Services.AddAkka("my-app", akka => akka.WithActorEmbed(options => options.Model = "all-MiniLM-L6-v2"));
        builder.Services.AddActorEmbedGenerator();   // IEmbeddingGenerator<string, Embedding<float>>, as above
        using var host = builder.Build();
        await host.StartAsync();

        var router = host.Services.GetRequiredService<IRequiredActor<BatchRouterActor>>().ActorRef;
        var reply = await router.Ask<EmbedReply>(new EmbedTexts(["some text"]), TimeSpan.FromMinutes(2));
        Console.WriteLine(reply is TextsEmbedded embedded ? $"{embedded.Vectors[0].Length} numbers" : ((EmbedRejected)reply).Message);
        #endregion
        return reply;
    }
}
