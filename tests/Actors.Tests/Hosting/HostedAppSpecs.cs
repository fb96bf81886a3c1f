using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using ActorEmbed.Actors.Hosting;
using ActorEmbed.Actors.Messages;
using ActorEmbed.Actors.Router;
using ActorEmbed.Inference;
using ActorEmbed.Testing;
using ActorEmbed.Tests.Shared.Models;
using Akka.Actor;
using Akka.Hosting;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ActorEmbed.Actors.Tests.Hosting;

public sealed class HostedAppSpecs
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly string[] Texts = ["some text", "ein Text", "some text"];

    private sealed class Small;

    private sealed class Large;

    [Fact]
    public async Task One_line_in_a_host_with_akka_answers_the_public_messages_and_the_generator_whatever_its_hocon()
    {
        var model = new FakeEmbeddingModel();
        await using var app = await HostedApp.StartWithAkkaAsync(
            akka => akka.WithActorEmbed(options => options.LoadModel = model.Open),
            services => services.AddActorEmbedGenerator());
        var router = app.Services.GetRequiredService<IRequiredActor<BatchRouterActor>>().ActorRef;
        var generator = app.Services.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>();

        var reply = await router.Ask<EmbedReply>(new EmbedTexts(Texts), Patience);
        var generated = await generator.GenerateAsync(Texts);

        Assert.Equal(Texts.Select(model.UnitVectorOf), Assert.IsType<TextsEmbedded>(reply).Vectors);
        Assert.Equal(Texts.Select(model.UnitVectorOf), generated.Select(e => e.Vector.ToArray()));
        // Two words and two special tokens each.
        Assert.Equal(3 * 4, generated.Usage!.InputTokenCount);
        var metadata = generator.GetService<EmbeddingGeneratorMetadata>()!;
        Assert.Equal(("actorembed", "actorembed/fake", 8), (metadata.ProviderName, metadata.DefaultModelId, metadata.DefaultModelDimensions));
    }

    [Fact]
    public async Task A_host_without_akka_is_served_from_its_configuration_by_a_real_model()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ActorEmbed:Model"] = TestModels.XlmrTiny,
            ["ActorEmbed:Inference:Threads"] = "1",
            ["ActorEmbed:Scheduling:MaxTextsPerBatch"] = "2",
        }).Build();
        await using var app = await HostedApp.StartAsync(services => services.AddActorEmbed(configuration.GetSection("ActorEmbed")));
        var reference = ReferenceText.Of(TestModels.XlmrTiny)[0];

        var generated = await app.Services.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>().GenerateAsync(
            [reference.Text], new EmbeddingGenerationOptions { AdditionalProperties = new() { ["normalize"] = false } });

        Assert.InRange(reference.Vector.Zip(generated[0].Vector.ToArray(), (e, a) => Math.Abs(e - a)).Max(), 0, 2e-5f);
    }

    [Theory]
    [InlineData("prompt_name", "document", "document: text")]
    [InlineData("input_type", "search_query", "query: text")]
    [InlineData("input_type", "Passage", "document: text")]
    [InlineData("input_type", null, "text")]
    public async Task The_generator_takes_a_prompt_by_name_or_by_type_of_input(string property, string? value, string embedded)
    {
        var model = new FakeEmbeddingModel();
        await using var app = await HostedApp.StartAsync(services => services.AddActorEmbed(options => options.LoadModel = model.Open));
        var generator = app.Services.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>();

        var plain = await generator.GenerateAsync(["text"], WithProperties((property, value)));
        var json = await generator.GenerateAsync(["text"], WithProperties((property, JsonSerializer.SerializeToElement(value))));

        Assert.All([plain, json], generated => Assert.Equal(model.UnitVectorOf(embedded), generated[0].Vector.ToArray()));
    }

    [Theory]
    [InlineData("input_type", "classification")]
    [InlineData("input_type", 1)]
    [InlineData("prompt_name", 1)]
    public async Task A_property_for_the_prompt_that_is_wrong_is_named(string property, object value)
    {
        await using var app = await HostedApp.StartAsync(services => services.AddActorEmbed(options => options.LoadModel = new FakeEmbeddingModel().Open));
        var generator = app.Services.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>();

        var wrong = await Assert.ThrowsAsync<ArgumentException>(() => generator.GenerateAsync(["text"], WithProperties((property, value))));
        var both = await Assert.ThrowsAsync<ArgumentException>(() => generator.GenerateAsync(["text"], WithProperties(("prompt_name", "query"), ("input_type", "query"))));
        var unknown = await Assert.ThrowsAsync<EmbeddingRejectedException>(() => generator.GenerateAsync(["text"], WithProperties(("prompt_name", "none"))));

        Assert.Contains($"'{property}'", wrong.Message, StringComparison.Ordinal);
        Assert.Contains("exclude each other", both.Message, StringComparison.Ordinal);
        Assert.Equal(RejectionReason.UnknownPrompt, unknown.Reason);
    }

    [Fact]
    public async Task Two_models_live_in_one_actor_system_and_one_may_hang_without_the_other()
    {
        using var gate = new ManualResetEventSlim();
        var hanging = new ScriptedModel { OnBatch = _ => gate.Wait(ScriptedModel.GateTimeout) };
        var model = new FakeEmbeddingModel(dimensions: 5);
        await using var app = await HostedApp.StartWithAkkaAsync(
            akka => akka
                .WithActorEmbed<Small>(options => options.LoadModel = model.Open)
                .WithActorEmbed<Large>(options => options.LoadModel = hanging.Load),
            services =>
            {
                services.AddActorEmbedGenerator<Small>("small");
                services.AddActorEmbedGenerator<Large>("large");
            });

        var waits = app.Services.GetRequiredKeyedService<IEmbeddingGenerator<string, Embedding<float>>>("large").GenerateVectorAsync("text");
        var vector = await app.Services.GetRequiredKeyedService<IEmbeddingGenerator<string, Embedding<float>>>("small").GenerateVectorAsync("text");
        gate.Set();

        Assert.Equal(model.UnitVectorOf("text"), vector.ToArray());
        Assert.Equal(ScriptedModel.UnitVectorOf("text"), (await waits).ToArray());
        Assert.Equal(["actorembed-large", "actorembed-small"], (await app.HealthyAsync()).Entries.Keys.Order());
    }

    [Fact]
    public async Task The_health_check_follows_the_service_and_says_why()
    {
        using var gate = new ManualResetEventSlim();
        var model = new ScriptedModel { OnLoad = _ => gate.Wait(ScriptedModel.GateTimeout) };
        await using var app = await HostedApp.StartWithAkkaAsync(akka => akka.WithActorEmbed(options => options.LoadModel = model.Load), _ => { });

        var before = await app.HealthAsync();
        gate.Set();
        var after = await app.HealthyAsync();

        Assert.Equal(HealthStatus.Unhealthy, before.Status);
        Assert.Contains("loaded", before.Entries["actorembed"].Description, StringComparison.Ordinal);
        Assert.Equal(HealthStatus.Healthy, after.Status);
        Assert.Contains("ready", after.Entries["actorembed"].Tags);
    }

    [Fact]
    public async Task A_hosts_own_test_replaces_the_model_and_nothing_else()
    {
        var fake = new FakeEmbeddingModel { FailsOn = text => text == "bad" };
        await using var app = await HostedApp.StartAsync(services =>
        {
            services.AddActorEmbed(options => options.Model = "/no/such/directory");
            services.AddFakeEmbeddingModel(fake);
        });
        var generator = app.Services.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>();

        Assert.Equal(fake.UnitVectorOf("good"), (await generator.GenerateVectorAsync("good")).ToArray());
        var rejected = await Assert.ThrowsAsync<EmbeddingRejectedException>(() => generator.GenerateAsync(["good", "bad"]));
        Assert.Equal((RejectionReason.TextFailed, 1), (rejected.Reason, rejected.TextIndex));
    }

    [Fact]
    public async Task A_cancelled_call_is_no_rejection()
    {
        using var gate = new ManualResetEventSlim();
        using var cancellation = new CancellationTokenSource();
        var model = new ScriptedModel { OnBatch = texts => _ = texts.Contains("slow") && gate.Wait(ScriptedModel.GateTimeout) };
        await using var app = await HostedApp.StartAsync(services => services.AddActorEmbed(options => options.LoadModel = model.Load));
        var generator = app.Services.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>();

        var slow = generator.GenerateAsync(["slow"], cancellationToken: cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => slow);
        gate.Set();

        Assert.Single(await generator.GenerateAsync(["text"]));
    }

    [Fact]
    public async Task What_the_options_of_a_call_expect_is_given_or_refused_before_it_costs_inference()
    {
        var model = new ScriptedModel();
        await using var app = await HostedApp.StartAsync(services => services.AddActorEmbed(options => options.LoadModel = model.Load));
        var generator = app.Services.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>();
        var tooLong = new string('x', ScriptedModel.Info.MaxTokens);
        EmbeddingGenerationOptions whole = new() { AdditionalProperties = new() { ["truncate"] = false } };

        Task<EmbeddingRejectedException> RejectedAsync(string text, EmbeddingGenerationOptions options) =>
            Assert.ThrowsAsync<EmbeddingRejectedException>(() => generator.GenerateAsync([text], options));

        Assert.Equal(RejectionReason.TooManyDimensions, (await RejectedAsync("text", new() { Dimensions = ScriptedModel.Dimensions + 1 })).Reason);
        Assert.Equal(RejectionReason.WrongModel, (await RejectedAsync("text", new() { ModelId = "another" })).Reason);
        Assert.Empty(model.Batches);
        Assert.Equal(RejectionReason.TextTooLong, (await RejectedAsync(tooLong, whole)).Reason);
        var shortened = Assert.Single(await generator.GenerateAsync(["text"], new() { Dimensions = 3, ModelId = "scripted" }));
        Assert.Equal(VectorNorm.Normalize(ScriptedModel.VectorOf("text").AsSpan(0, 3)), shortened.Vector.ToArray(), new NearEnough());
        Assert.Equal(ScriptedModel.Info.Id, shortened.ModelId);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-2)]
    public async Task A_time_out_of_a_generator_that_is_none_is_refused_where_it_is_given(int seconds)
    {
        await using var app = await HostedApp.StartAsync(services =>
        {
            services.AddActorEmbed(options => options.LoadModel = new ScriptedModel().Load);
            services.AddActorEmbedGenerator<BatchRouterActor>("other", TimeSpan.FromSeconds(seconds));
        });

        var error = Record.Exception(() => { app.Services.GetRequiredKeyedService<IEmbeddingGenerator<string, Embedding<float>>>("other"); });

        Assert.IsType<ArgumentOutOfRangeException>(error);
    }

    [Fact]
    public async Task The_longest_time_out_that_a_generator_can_be_given_is_no_limit()
    {
        await using var app = await HostedApp.StartAsync(services =>
        {
            services.AddActorEmbed(options => options.LoadModel = new ScriptedModel().Load);
            services.AddActorEmbedGenerator<BatchRouterActor>("patient", TimeSpan.MaxValue);
        });
        var generator = app.Services.GetRequiredKeyedService<IEmbeddingGenerator<string, Embedding<float>>>("patient");

        Assert.Single(await generator.GenerateAsync(["text"]));
    }

    [Fact]
    public void Wrong_options_are_reported_together_and_a_second_actor_system_is_refused()
    {
        var options = new ActorEmbedOptions { Scheduling = new() { MaxTextsPerBatch = 0 }, Inference = new() { Threads = 0 } };

        var error = Assert.Throws<ValidationException>(options.Validate);

        Assert.All(["Model", "MaxTextsPerBatch", "Threads"], name => Assert.Contains(name, error.Message, StringComparison.Ordinal));
        var services = new ServiceCollection().AddAkka("host", _ => { });
        Assert.Contains("WithActorEmbed", Assert.Throws<InvalidOperationException>(() => services.AddActorEmbed(_ => { })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_generator_without_a_router_says_so_instead_of_waiting_for_ever()
    {
        // The host's own AddAkka comes after AddActorEmbed and takes the place of its actor system.
        await using var app = await HostedApp.StartAsync(services =>
        {
            services.AddActorEmbed(options => options.LoadModel = new FakeEmbeddingModel().Open);
            services.AddAkka("host", akka => akka.ConfigureLoggers(loggers => loggers.ClearLoggers()));
        });
        var generator = app.Services.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>();

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => generator.GenerateAsync(Texts).WaitAsync(Patience));

        Assert.Contains("WithActorEmbed inside AddAkka", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ActorEmbed:Modle", "Modle")]
    [InlineData("ActorEmbed:Inference:Thread", "Thread")]
    [InlineData("ActorEmbed:Scheduling:RequestTimeOuts", "RequestTimeOuts")]
    public async Task A_misspelled_setting_fails_the_start_by_name(string path, string name)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ActorEmbed:Model"] = TestModels.XlmrTiny,
            [path] = "1",
        }).Build();

        var error = await Assert.ThrowsAsync<InvalidOperationException>(
            () => HostedApp.StartAsync(services => services.AddActorEmbed(configuration.GetSection("ActorEmbed"))));

        Assert.Contains($"'{name}'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_generator_keeps_to_the_time_out_of_its_instance()
    {
        using var gate = new ManualResetEventSlim();
        var model = new ScriptedModel { OnBatch = _ => gate.Wait(ScriptedModel.GateTimeout) };
        await using var app = await HostedApp.StartAsync(services => services.AddActorEmbed(options =>
        {
            options.LoadModel = model.Load;
            options.Scheduling.RequestTimeout = TimeSpan.FromMilliseconds(200);
        }));
        var generator = app.Services.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>();

        var rejected = await Assert.ThrowsAsync<EmbeddingRejectedException>(() => generator.GenerateAsync(["slow"]).WaitAsync(Patience));
        gate.Set();

        Assert.Equal(RejectionReason.DeadlineExceeded, rejected.Reason);
    }

    [Fact]
    public async Task Two_instances_with_one_key_are_refused_with_the_remedy()
    {
        var model = new FakeEmbeddingModel();

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => HostedApp.StartWithAkkaAsync(
            akka => akka.WithActorEmbed(options => options.LoadModel = model.Open).WithActorEmbed(options => options.LoadModel = model.Open),
            _ => { }));

        Assert.Contains("WithActorEmbed<TKey>", error.Message, StringComparison.Ordinal);
    }

    private static EmbeddingGenerationOptions WithProperties(params (string Name, object? Value)[] properties)
    {
        var options = new EmbeddingGenerationOptions { AdditionalProperties = [] };
        foreach (var (name, value) in properties)
            options.AdditionalProperties[name] = value;
        return options;
    }
}
