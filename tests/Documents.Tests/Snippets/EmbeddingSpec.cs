using ActorEmbed.Actors.Hosting;
using ActorEmbed.Actors.Messages;
using ActorEmbed.Actors.Router;
using ActorEmbed.Testing;
using Akka.Actor;
using Akka.Hosting;
using Akka.TestKit.Xunit2;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace ActorEmbed.Documents.Tests.Snippets;

#region shown
public sealed class EmbeddingSpec : IAsyncLifetime
{
    private readonly FakeEmbeddingModel _model = new();
    private IHost _host = null!;

    public async Task InitializeAsync()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Services.AddAkka("spec", akka => akka.WithActorEmbed(_model.Open));   // or the wiring of your host, and AddFakeEmbeddingModel(_model)
        _host = builder.Build();
        await _host.StartAsync();
    }

    [Fact]
    public async Task The_router_answers_whoever_asks()
    {
        using var kit = new TestKit(_host.Services.GetRequiredService<ActorSystem>());
        var router = _host.Services.GetRequiredService<ActorRegistry>().Get<BatchRouterActor>();

        router.Tell(new EmbedTexts(["some text"]), kit.TestActor);

        var embedded = await kit.ExpectMsgAsync<TextsEmbedded>();
        Assert.Equal(_model.UnitVectorOf("some text"), embedded.Vectors[0]);
        Assert.Equal(["some text"], Assert.Single(_model.Batches));
    }

    public async Task DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}
#endregion
