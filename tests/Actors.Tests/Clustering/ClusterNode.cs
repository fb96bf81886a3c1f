using ActorEmbed.Actors.Clustering;
using ActorEmbed.Actors.Messages;
using ActorEmbed.Actors.Router;
using ActorEmbed.Actors.Scheduling;
using ActorEmbed.Inference;
using Akka.Actor;
using Akka.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ActorEmbed.Actors.Tests.Clustering;

/// <summary>A node of a cluster on the loopback address: an actor system of its own, wired as in production.</summary>
internal sealed class ClusterNode : IAsyncDisposable
{
    /// <summary>Of every worker.</summary>
    public static readonly TimeSpan AnnounceInterval = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    private readonly IHost _host;

    private ClusterNode(IHost host)
    {
        _host = host;
        System = host.Services.GetRequiredService<ActorSystem>();
        Kit = new Akka.TestKit.Xunit2.TestKit(System);
        var address = Akka.Cluster.Cluster.Get(System).SelfAddress;
        Address = $"{address.Host}:{address.Port}";
    }

    public ActorSystem System { get; }

    public Akka.TestKit.Xunit2.TestKit Kit { get; }

    /// <summary>As a seed node is given.</summary>
    public string Address { get; }

    public IActorRef Router => _host.Services.GetRequiredService<IRequiredActor<BatchRouterActor>>().ActorRef;

    /// <summary>The inference node's actor.</summary>
    public IActorRef Node => _host.Services.GetRequiredService<IRequiredActor<InferenceNode>>().ActorRef;

    public static Task<ClusterNode> StartRouterAsync(ClusterOptions? options = null, SchedulingOptions? scheduling = null)
    {
        options ??= new ClusterOptions();
        options.Roles = ClusterRoles.Router;
        return StartAsync(options, akka => akka.WithActorEmbedRouter(options, scheduling));
    }

    public static Task<ClusterNode> StartWorkerAsync(ClusterNode seed, Func<IEmbeddingModel> loadModel, ClusterOptions? options = null, SchedulingOptions? scheduling = null, (string Name, Func<IEmbeddingModel> Load)? also = null)
    {
        options ??= new ClusterOptions();
        options.Roles = ClusterRoles.Inference;
        options.SeedNodes = [seed.Address];
        options.AnnounceInterval = AnnounceInterval;
        return StartAsync(options, akka =>
        {
            akka.WithActorEmbedWorker(options, loadModel, scheduling);
            if (also is { } other)
                akka.WithActorEmbedWorker(options, other.Name, other.Load, scheduling);
        });
    }

    /// <summary>A node that is both.</summary>
    public static Task<ClusterNode> StartAllAsync(Func<IEmbeddingModel> loadModel)
    {
        var options = new ClusterOptions { Roles = ClusterRoles.All, AnnounceInterval = AnnounceInterval };
        return StartAsync(options, akka => akka.WithActorEmbedRouter(options).WithActorEmbedWorker(options, loadModel));
    }

    public Task<EmbedReply> EmbedAsync(params string[] texts) => AskAsync(new EmbedTexts(texts));

    public Task<EmbedReply> AskAsync(object command) => Router.Ask<EmbedReply>(command, Patience);

    public Task<ServiceStatus> StatusAsync() => Router.Ask<ServiceStatus>(GetStatus.Instance, Patience);

    public Task AwaitStatusAsync(Action<ServiceStatus> assertion) =>
        Kit.AwaitAssertAsync(async () => assertion(await StatusAsync()), Patience, TimeSpan.FromMilliseconds(50));

    public Task AwaitWorkersAsync(int count) =>
        AwaitStatusAsync(status => Assert.Equal(count, status.Workers.Count(worker => worker.State == WorkerState.Free)));

    public Task StopAsync() => _host.StopAsync();

    public async ValueTask DisposeAsync()
    {
        // Without its farewells: what a test is about has been seen by then.
        await System.Terminate();
        _host.Dispose();
    }

    private static async Task<ClusterNode> StartAsync(ClusterOptions options, Action<AkkaConfigurationBuilder> configure)
    {
        options.Port = 0;
        var host = new HostBuilder()
            .ConfigureServices(services => services.AddAkka("cluster-test", akka =>
            {
                akka.AddHocon("akka.loglevel = OFF\nakka.stdout-loglevel = OFF", HoconAddMode.Prepend)
                    .ConfigureLoggers(loggers => loggers.ClearLoggers())
                    .WithActorEmbedClustering("cluster-test", options)
                    .WithStrictSerialization();
                configure(akka);
            }))
            .Build();
        await host.StartAsync();
        return new ClusterNode(host);
    }
}
