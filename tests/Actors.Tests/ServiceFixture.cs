using ActorEmbed.Actors.Hosting;
using ActorEmbed.Actors.Messages;
using ActorEmbed.Actors.Router;
using ActorEmbed.Actors.Scheduling;
using ActorEmbed.Tests.Shared.Models;
using Akka.Actor;
using Akka.Hosting;
using Akka.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace ActorEmbed.Actors.Tests;

/// <summary>The production wiring in an actor system with fake time, a scripted model at the edge.</summary>
internal sealed class ServiceFixture : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly IHost _host;

    private ServiceFixture(IHost host, ScriptedModel model, FakeTimeProvider time)
    {
        _host = host;
        Time = time;
        Model = model;
        System = host.Services.GetRequiredService<ActorSystem>();
        Router = host.Services.GetRequiredService<IRequiredActor<BatchRouterActor>>().ActorRef;
        Kit = new Akka.TestKit.Xunit2.TestKit(System);
    }

    public ScriptedModel Model { get; }

    public ActorSystem System { get; }

    public IActorRef Router { get; }

    public Akka.TestKit.Xunit2.TestKit Kit { get; }

    /// <summary>What durations are measured with.</summary>
    public FakeTimeProvider Time { get; }

    /// <summary>What brings deadlines and the ends of pauses.</summary>
    public TestScheduler Clock => (TestScheduler)System.Scheduler;

    public static async Task<ServiceFixture> StartAsync(ScriptedModel? model = null, SchedulingOptions? options = null)
    {
        model ??= new ScriptedModel();
        var time = new FakeTimeProvider();
        var host = new HostBuilder()
            .ConfigureServices(services => services.AddAkka("test", akka => akka
                .AddHocon("""
                    akka.scheduler.implementation = "Akka.TestKit.TestScheduler, Akka.TestKit"
                    akka.loglevel = ERROR
                    akka.test.single-expect-default = 20s
                    akka.stdout-loglevel = OFF
                    """, HoconAddMode.Prepend)
                .ConfigureLoggers(loggers => loggers.ClearLoggers())
                .WithActorEmbed(model.Load, options, time)))
            .Build();
        await host.StartAsync();
        return new ServiceFixture(host, model, time);
    }

    public TestProbe Ask(object command)
    {
        var caller = Kit.CreateTestProbe();
        Router.Tell(command, caller);
        return caller;
    }

    public TestProbe Ask(params string[] texts) => Ask((object)new EmbedTexts(texts));

    public Task<EmbedReply> EmbedAsync(params string[] texts) => Router.Ask<EmbedReply>(new EmbedTexts(texts), Patience);

    public Task<ServiceStatus> StatusAsync() => Router.Ask<ServiceStatus>(GetStatus.Instance, Patience);

    /// <summary>The state, and what waits: requests, texts, bytes.</summary>
    public async Task<(ServiceState State, int Requests, int Texts, long Bytes)> QueueAsync() =>
        await StatusAsync() is var status ? (status.State, status.QueuedRequests, status.QueuedTexts, status.QueuedBytes) : default;

    public Task<ServiceStatus> LeaveAsync(ServiceState state) => Router.Ask<ServiceStatus>(new AwaitStateChange(state), Patience);

    /// <summary>Lets fake time pass until the condition holds; the pauses of restarts are waited out so.</summary>
    public Task PassTimeUntilAsync(Func<Task<bool>> condition, TimeSpan step) => Kit.AwaitAssertAsync(
        async () =>
        {
            Clock.Advance(step);
            Assert.True(await condition());
        },
        Patience,
        TimeSpan.FromMilliseconds(20));

    public Task PassTimeUntilReadyAsync() => PassTimeUntilAsync(
        async () => (await StatusAsync()).State == ServiceState.Ready, TimeSpan.FromMilliseconds(200));

    public async ValueTask DisposeAsync()
    {
        // The scheduler of the test does not run by itself, and a shutdown waits for its timers.
        await System.Terminate();
        _host.Dispose();
    }
}
