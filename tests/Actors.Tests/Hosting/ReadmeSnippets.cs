using ActorEmbed.Actors.Clustering;
using ActorEmbed.Actors.Hosting;
using ActorEmbed.Actors.Messages;
using ActorEmbed.Actors.Router;
using ActorEmbed.Inference;
using ActorEmbed.Inference.Loading;
using ActorEmbed.Testing;
using Akka.Actor;
using Akka.Hosting;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ActorEmbed.Actors.Tests.Hosting;

/// <summary>What the documents show to authors of hosts, line by line; <see cref="ReadmeTests"/> compares and runs it.</summary>
internal static class ReadmeSnippets
{
    public static void AddToAkka(IServiceCollection services)
    {
        services.AddAkka("my-app", akka => akka.WithActorEmbed(options => options.Model = "path/to/model"));
        services.AddActorEmbedGenerator();
    }

    public static void AddAlone(IServiceCollection services, IConfiguration configuration)
    {
        services.AddActorEmbed(configuration.GetSection("ActorEmbed"));
    }

    public static async Task<EmbedReply> AskAsync(IRequiredActor<BatchRouterActor> router)
    {
        var reply = await router.ActorRef.Ask<EmbedReply>(new EmbedTexts(["some text"]), TimeSpan.FromMinutes(2));
        return reply;
    }

    public static async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEmbeddingGenerator<string, Embedding<float>> generator)
    {
        var embeddings = await generator.GenerateAsync(["some text", "ein Text"]);
        return embeddings;
    }

    public static List<string> Chunks(EmbeddingTokenizer tokenizer, string document)
    {
        var chunks = new List<string>();
        for (var start = 0; start < document.Length;)
        {
            var rest = document.AsSpan(start);
            var end = tokenizer.GetIndexByTokenCount(rest, tokenizer.MaxTokensOfText, out _, out _);
            var space = end < rest.Length ? rest[..end].LastIndexOf(' ') : -1;
            chunks.Add(rest[..(space > 0 ? space + 1 : end)].ToString());
            start += chunks[^1].Length;
        }

        return chunks;
    }

    public static async Task<GeneratedEmbeddings<Embedding<float>>> GenerateForQueryAsync(IEmbeddingGenerator<string, Embedding<float>> generator)
    {
        var query = await generator.GenerateAsync(["some question"], new() { AdditionalProperties = new() { ["input_type"] = "query" } });
        return query;
    }

    public static async Task<EmbedReply> AskForQueryAsync(IRequiredActor<BatchRouterActor> router)
    {
        var asked = await router.ActorRef.Ask<EmbedReply>(new EmbedTexts(["some question"]) { Prompt = PromptChoice.Query }, TimeSpan.FromMinutes(2));
        return asked;
    }

    public static async Task<int> RankAsync(IRequiredActor<BatchRouterActor> router)
    {
        var ranked = (TextsRanked)await router.ActorRef.Ask<EmbedReply>(new RankTexts("some question", ["some text", "ein Text"]), TimeSpan.FromMinutes(2));
        // An index: ranked.Scores[best] as CrossEncoder gives it, ranked.Logits[best] before that.
        var best = ranked.BestFirst[0];
        return best;
    }

    public static async Task TestAsync(IServiceCollection services, Func<Task<IEmbeddingGenerator<string, Embedding<float>>>> start)
    {
        var model = new FakeEmbeddingModel(dimensions: 8);
        services.AddFakeEmbeddingModel(model);

        var generator = await start();
        var vector = await generator.GenerateVectorAsync("some text");
        Assert.Equal(model.UnitVectorOf("some text"), vector.ToArray());
    }

    public static void AddRouter(IServiceCollection services, string secret)
    {
        var cluster = new ClusterOptions { Roles = ClusterRoles.Router, Advertise = "10.0.0.1", SeedNodes = ["10.0.0.1:8422"], Secret = secret };
        services.AddAkka("my-app", akka => akka
            .WithActorEmbedClustering("my-app", cluster)
            .WithActorEmbedRouter(cluster));
        services.AddActorEmbedGenerator();
    }

    public static AkkaConfigurationBuilder AddWorker(AkkaConfigurationBuilder akka, ClusterOptions cluster, string directory) => akka
        .WithActorEmbedWorker(cluster, () => ModelLoader.Load(directory, new ModelOptions { ComputeFingerprint = true }));
}
