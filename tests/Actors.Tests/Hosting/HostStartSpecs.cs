using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using ActorEmbed.Actors.Hosting;
using ActorEmbed.Inference;
using ActorEmbed.Inference.Hub;
using ActorEmbed.Testing;
using ActorEmbed.Tests.Shared.Hub;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ActorEmbed.Actors.Tests.Hosting;

public sealed class HostStartSpecs
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_generator_whose_host_does_not_run_says_so_within_its_time_out()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddActorEmbed(options =>
        {
            options.LoadModel = new FakeEmbeddingModel().Open;
        });
        builder.Services.AddActorEmbedGenerator<Router.BatchRouterActor>("impatient", TimeSpan.FromMilliseconds(50));
        using var host = builder.Build();
        var generator = host.Services.GetRequiredKeyedService<IEmbeddingGenerator<string, Embedding<float>>>("impatient");

        var error = await Assert.ThrowsAsync<TimeoutException>(() => generator.GenerateAsync(["text"]).WaitAsync(Patience));

        Assert.Contains("call its StartAsync or RunAsync first", error.Message, StringComparison.Ordinal);
        await host.StartAsync();
        Assert.Single(await generator.GenerateAsync(["text"]));
        await host.StopAsync();
    }

    [Fact]
    public async Task A_call_that_is_cancelled_before_the_host_runs_is_cancelled()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddActorEmbed(options => options.LoadModel = new FakeEmbeddingModel().Open);
        using var host = builder.Build();
        using var cancellation = new CancellationTokenSource();
        var generator = host.Services.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>();

        var pending = generator.GenerateAsync(["text"], cancellationToken: cancellation.Token);
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pending.WaitAsync(Patience));
    }

    [Fact]
    public void A_generator_without_an_actor_system_says_what_to_add()
    {
        using var services = Provider();

        var error = Assert.Throws<InvalidOperationException>(services.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>);

        Assert.Contains("AddAkka", error.Message, StringComparison.Ordinal);
        Assert.Contains("AddActorEmbed", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("./no/such/model", "Model directory ./no/such/model does not exist.")]
    [InlineData("not a name", "There is no directory not a name, and as a model of the hub: 'not a name' is not a model id")]
    public async Task A_host_whose_model_is_none_does_not_start(string model, string reason)
    {
        var error = await Assert.ThrowsAsync<ModelLoadException>(() => HostedApp.StartAsync(services => services.AddActorEmbed(options => options.Model = model)));

        Assert.StartsWith(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_host_without_a_model_is_told_what_one_may_be() => Assert.Contains(
        "Model is required: the directory or the name of a model.", Assert.Throws<ValidationException>(new ActorEmbedOptions().Validate).Message, StringComparison.Ordinal);

    [Fact]
    public async Task The_embedded_model_goes_by_its_name()
    {
        await using var app = await HostedApp.StartAsync(services => services.AddActorEmbed(options => options.Model = EmbeddedModel.Name));
        var generator = app.Services.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>();

        var embedding = (await generator.GenerateAsync(["text"]))[0];

        Assert.Equal((EmbeddedModel.Name, 256), (embedding.ModelId, embedding.Vector.Length));
        Assert.True(app.Services.GetRequiredService<EmbeddingTokenizer>().CountTokens("text") > 0);
    }

    [Fact]
    public async Task A_model_of_the_hub_goes_by_its_name_and_is_pulled_once()
    {
        await using var hub = await MisbehavingHub.StartAsync(HubRepository.TinyModel().Remove("model.safetensors"));
        var cache = Directory.CreateTempSubdirectory("actorembed-cache-");
        Environment.SetEnvironmentVariable("HF_ENDPOINT", hub.Endpoint.ToString());
        Environment.SetEnvironmentVariable("HF_HUB_CACHE", cache.FullName);
        try
        {
            var requests = 0;
            for (var start = 0; start < 2; start++)
            {
                await using var app = await HostedApp.StartAsync(services => services.AddActorEmbed(options => options.Model = "xlmr-tiny"));
                var generator = app.Services.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>();
                Assert.Equal("sentence-transformers/xlmr-tiny", (await generator.GenerateAsync(["text"]))[0].ModelId);
                if (start == 0)
                    requests = hub.Requests.Count;
            }

            Assert.Equal(requests, hub.Requests.Count);
        }
        finally
        {
            Environment.SetEnvironmentVariable("HF_ENDPOINT", null);
            Environment.SetEnvironmentVariable("HF_HUB_CACHE", null);
            cache.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Metadata_tell_the_model_before_there_are_vectors()
    {
        var model = new FakeEmbeddingModel();
        await using var app = await HostedApp.StartAsync(services => services.AddActorEmbed(options => options.LoadModel = model.Open));
        await app.HealthyAsync();

        var metadata = app.Services.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>().GetRequiredService<EmbeddingGeneratorMetadata>();

        Assert.Equal((model.Info.Id, model.Info.Dimensions), (metadata.DefaultModelId, metadata.DefaultModelDimensions));
        // Nor does the proof that the model works count as a batch.
        Assert.Empty(model.Batches);
    }

    [Fact]
    public async Task Properties_that_were_read_from_json_are_honoured_and_wrong_ones_named()
    {
        var model = new FakeEmbeddingModel(maxTokens: 4);
        await using var app = await HostedApp.StartAsync(services => services.AddActorEmbed(options => options.LoadModel = model.Open));
        var generator = app.Services.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>();
        var options = JsonSerializer.Deserialize<EmbeddingGenerationOptions>(
            """{"additionalProperties":{"normalize":false,"truncate":false,"input_type":"query"}}""", AIJsonUtilities.DefaultOptions)!;

        var vector = await generator.GenerateVectorAsync("a", options);
        var tooLong = await Assert.ThrowsAsync<EmbeddingRejectedException>(() => generator.GenerateAsync(["one two three"], options));
        options.AdditionalProperties!["truncate"] = "no";
        var wrong = await Assert.ThrowsAsync<ArgumentException>(() => generator.GenerateAsync(["a"], options));

        Assert.Equal(model.VectorOf("query: a"), vector.ToArray());
        Assert.Equal(Messages.RejectionReason.TextTooLong, tooLong.Reason);
        Assert.Contains("'truncate' must be true or false", wrong.Message, StringComparison.Ordinal);
    }

    private static ServiceProvider Provider()
    {
        var services = new ServiceCollection();
        services.AddActorEmbedGenerator();
        return services.BuildServiceProvider();
    }
}
