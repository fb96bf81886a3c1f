using System.Diagnostics;
using System.Globalization;
using ActorEmbed.Actors.Hosting;
using ActorEmbed.Actors.Messages;
using ActorEmbed.Actors.Router;
using ActorEmbed.Inference.Hub;
using ActorEmbed.Inference.Loading;
using Akka.Actor;
using Akka.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ActorEmbed.Load;

/// <summary>What the hops cost a lone text on an idle server: the bare model, the actors, HTTP on top.</summary>
internal static class Overhead
{
    private const int Calls = 2000;
    private const int Rounds = 5;

    public static async Task RunAsync(ServerUnderLoad server)
    {
        using var model = ModelLoader.Load(EmbeddedModel.Directory);
        using var host = new HostBuilder()
            .ConfigureServices(services => services.AddAkka("overhead", akka => akka.WithActorEmbed(() => ModelLoader.Load(EmbeddedModel.Directory))))
            .Build();
        await host.StartAsync();
        var router = host.Services.GetRequiredService<IRequiredActor<BatchRouterActor>>().ActorRef;
        var random = new Random(1);

        (string Name, Func<string, Task> Call)[] ways =
        [
            ("bare model", text => Task.FromResult(model.Embed([text]))),
            ("through the actors", text => router.Ask<EmbedReply>(new EmbedTexts([text]))),
            ("over HTTP", text => server.EmbedAsync(text)),
        ];
        var medians = ways.ToDictionary(way => way.Name, _ => new List<double>());
        for (var round = 0; round <= Rounds; round++)
        {
            foreach (var (name, call) in ways)
            {
                var milliseconds = new double[Calls];
                for (var i = 0; i < Calls; i++)
                {
                    var text = LoadCorpus.Text(random);
                    var start = Stopwatch.GetTimestamp();
                    await call(text);
                    milliseconds[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
                }

                // The first round is for caches, pools and the compiler.
                if (round > 0)
                    medians[name].Add(milliseconds.Order().ElementAt(Calls / 2));
            }
        }

        var bare = medians["bare model"].Order().ElementAt(Rounds / 2);
        foreach (var (name, values) in medians)
        {
            var median = values.Order().ElementAt(Rounds / 2);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-20} p50 {median:F3} ms ({values.Min():F3} to {values.Max():F3}), adds {median - bare:F3} ms"));
        }

        await host.StopAsync();
    }
}
