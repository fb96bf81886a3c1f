using System.Collections.Concurrent;
using ActorEmbed.Actors.Hosting;
using ActorEmbed.Actors.Messages;
using ActorEmbed.Actors.Router;
using ActorEmbed.Actors.Tests.Hosting;
using ActorEmbed.Actors.WorkProtocol;
using ActorEmbed.Inference;
using ActorEmbed.Testing;
using ActorEmbed.Tests.Shared.Models;
using Akka.Actor;
using Akka.Hosting;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace ActorEmbed.Actors.Tests;

/// <summary>Models that share one inference thread.</summary>
public sealed class SeveralModelsSpecs
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ScriptedModel _first = new();
    private readonly ScriptedModel _second = new();

    [Fact]
    public async Task Batches_of_all_models_run_one_at_a_time()
    {
        var running = 0;
        var most = 0;
        void OnBatch(IReadOnlyList<string> texts)
        {
            most = Math.Max(most, Interlocked.Increment(ref running));
            Thread.Yield();
            Interlocked.Decrement(ref running);
        }

        (_first.OnBatch, _second.OnBatch) = (OnBatch, OnBatch);
        await using var app = await StartAsync();

        var replies = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => EmbedAsync(i % 2 == 0 ? First(app) : Second(app), $"text {i}")));

        Assert.All(replies, reply => Assert.IsType<TextsEmbedded>(reply));
        Assert.Equal(1, most);
    }

    [Fact]
    public async Task A_text_of_one_model_waits_for_the_batch_in_flight_of_another_and_for_no_more()
    {
        var order = new ConcurrentQueue<string>();
        using var open = new ManualResetEventSlim();
        _first.OnBatch = _ =>
        {
            order.Enqueue("bulk");
            open.Wait(ScriptedModel.GateTimeout);
        };
        _second.OnBatch = texts => order.Enqueue(texts[0].Split(' ')[0]);
        await using var app = await StartAsync();
        await AwaitAsync(async () => (await StatusAsync(Second(app))).State == ServiceState.Ready);

        var bulk = EmbedAsync(First(app), [.. Enumerable.Range(0, 200).Select(i => $"bulk text {i}")]);
        await AwaitAsync(() => !order.IsEmpty);
        var single = EmbedAsync(Second(app), "single");
        var big = EmbedAsync(Second(app), [.. Enumerable.Range(0, 64).Select(i => $"big {i}")]);
        await AwaitAsync(async () => (await StatusAsync(Second(app))).QueuedTexts == 65);
        open.Set();

        Assert.IsType<TextsEmbedded>(await single);
        Assert.IsType<TextsEmbedded>(await bulk);
        Assert.IsType<TextsEmbedded>(await big);
        Assert.Equal(["bulk", "single", "bulk", "big", "bulk", "big", "bulk"], order.Take(7));
    }

    [Fact]
    public async Task A_model_that_is_being_loaded_keeps_no_other_from_serving()
    {
        using var open = new ManualResetEventSlim();
        _second.OnLoad = _ => open.Wait(ScriptedModel.GateTimeout);
        await using var app = await StartAsync();

        var early = EmbedAsync(Second(app), "early");
        Assert.IsType<TextsEmbedded>(await EmbedAsync(First(app), "text"));
        Assert.Equal((ServiceState.Ready, ServiceState.Loading), ((await StatusAsync(First(app))).State, (await StatusAsync(Second(app))).State));
        open.Set();

        Assert.IsType<TextsEmbedded>(await early);
    }

    [Fact]
    public async Task A_model_that_cannot_be_used_leaves_the_others_as_they_are()
    {
        _second.OnLoad = _ => throw new ModelLoadException("The second is damaged.");
        await using var app = await StartAsync();

        var rejected = Assert.IsType<EmbedRejected>(await EmbedAsync(Second(app), "text"));

        Assert.Equal((RejectionReason.ModelFailed, "The second is damaged."), (rejected.Reason, rejected.Message));
        Assert.IsType<TextsEmbedded>(await EmbedAsync(First(app), "text"));
    }

    [Fact]
    public async Task A_batch_that_fails_gives_the_thread_to_the_other_model()
    {
        _first.OnBatch = texts =>
        {
            if (texts.Contains("bad"))
                throw new InferenceException("It cannot do that.");
        };
        await using var app = await StartAsync();

        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => EmbedAsync(i % 2 == 0 ? First(app) : Second(app), i == 10 ? "bad" : $"text {i}")));

        Assert.Equal(19, replies.OfType<TextsEmbedded>().Count());
    }

    [Fact]
    public async Task A_router_that_restarts_in_its_turn_gives_the_thread_to_the_others()
    {
        using var open = new ManualResetEventSlim();
        _first.OnBatch = texts =>
        {
            if (texts[0] == "held")
                open.Wait(ScriptedModel.GateTimeout);
        };
        await using var app = await HostedApp.StartAsync(services => services
            .AddAkka("host", akka => akka
                .AddHocon("akka.loglevel = OFF", HoconAddMode.Prepend)
                .WithActorEmbed(options => options.LoadModel = _first.Load)
                .WithActorEmbed("second", options => options.LoadModel = _second.Load)));

        var held = EmbedAsync(First(app), "held");
        await AwaitAsync(() => !_first.Batches.IsEmpty);
        var single = EmbedAsync(Second(app), "text");
        // Nothing that is real: the router breaks over it.
        First(app).Tell(new WorkerReady(null!, null), First(app));
        Assert.IsType<EmbedRejected>(await held);
        open.Set();

        Assert.IsType<TextsEmbedded>(await single);
    }

    [Fact]
    public async Task Without_akka_each_model_has_a_generator_of_its_name()
    {
        var (search, other) = (new FakeEmbeddingModel(dimensions: 4), new FakeEmbeddingModel(dimensions: 6));
        await using var app = await HostedApp.StartAsync(services =>
        {
            services.AddActorEmbed("search", options => options.LoadModel = search.Open);
            services.AddActorEmbed("Other", options => options.LoadModel = other.Open);
            services.AddActorEmbed(options => options.LoadModel = search.Open);
        });

        Assert.Equal(search.UnitVectorOf("text"), (await Generator("search").GenerateVectorAsync("text")).ToArray());
        Assert.Equal(other.UnitVectorOf("text"), (await Generator("Other").GenerateVectorAsync("text")).ToArray());
        Assert.Equal(3, (await app.HealthyAsync()).Entries.Count(entry => entry.Key.Contains("actorembed", StringComparison.Ordinal)));
        Assert.Equal(
            other.UnitVectorOf("text"),
            Assert.IsType<TextsEmbedded>(await EmbedAsync(app.Services.GetRequiredService<ActorSystem>().GetActorEmbedRouter("OTHER"), "text")).Vectors[0]);

        IEmbeddingGenerator<string, Embedding<float>> Generator(string name) => app.Services.GetRequiredKeyedService<IEmbeddingGenerator<string, Embedding<float>>>(name);
    }

    [Fact]
    public void The_same_name_twice_is_said_at_once()
    {
        var services = new ServiceCollection();
        services.AddActorEmbed("search", options => options.Model = "a");

        var error = Assert.Throws<InvalidOperationException>(() => services.AddActorEmbed("Search", options => options.Model = "b"));

        Assert.Contains("named 'search'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_test_may_give_each_name_a_model_of_its_own()
    {
        var (search, others) = (new FakeEmbeddingModel(dimensions: 4), new FakeEmbeddingModel(dimensions: 6));
        await using var app = await HostedApp.StartAsync(services =>
        {
            services.AddActorEmbed("search", options => options.Model = "no/such/directory");
            services.AddActorEmbed("other", options => options.Model = "no/such/directory");
            services.AddFakeEmbeddingModel(others);
            services.AddFakeEmbeddingModel("search", search);
        });
        var system = app.Services.GetRequiredService<ActorSystem>();

        Assert.Equal(4, Assert.IsType<TextsEmbedded>(await EmbedAsync(system.GetActorEmbedRouter("search"), "text")).Model.Dimensions);
        Assert.Equal(6, Assert.IsType<TextsEmbedded>(await EmbedAsync(system.GetActorEmbedRouter("other"), "text")).Model.Dimensions);
    }

    private static IActorRef First(HostedApp app) => app.Services.GetRequiredService<IRequiredActor<BatchRouterActor>>().ActorRef;

    private static IActorRef Second(HostedApp app) => app.Services.GetRequiredService<ActorSystem>().GetActorEmbedRouter("second");

    private static Task<EmbedReply> EmbedAsync(IActorRef router, params string[] texts) => router.Ask<EmbedReply>(new EmbedTexts(texts), Patience);

    private static Task<ServiceStatus> StatusAsync(IActorRef router) => router.Ask<ServiceStatus>(GetStatus.Instance, Patience);

    private static Task AwaitAsync(Func<bool> condition) => AwaitAsync(() => Task.FromResult(condition()));

    private static async Task AwaitAsync(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!await condition())
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private Task<HostedApp> StartAsync() => HostedApp.StartWithAkkaAsync(
        akka => akka
            .WithActorEmbed(options => options.LoadModel = _first.Load)
            .WithActorEmbed("second", options => options.LoadModel = _second.Load),
        _ => { });
}
