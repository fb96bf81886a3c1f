using System.Net;
using System.Text;
using ActorEmbed.Actors.Messages;
using ActorEmbed.Actors.Router;
using ActorEmbed.Tests.Shared.Models;
using Akka.Actor;
using Akka.Hosting;

namespace ActorEmbed.Api.Tests;

/// <summary>More requests than the queue takes, while there is no model yet: a pull may take an hour.</summary>
public sealed class LoadingFloodTests
{
    private const int Waiting = 2_000;
    private const int TooMany = 50;

    // Four characters of UTF-16.
    private const long TextBytes = 8;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static TheoryData<string, string, int, int> Dialects { get; } = new()
    {
        { "/embed", """{"texts":["text"],"dimensions":2}""", 1, 503 },
        { "/embed", """{"inputs":"text"}""", 1, 429 },
        { "/v1/embeddings", """{"input":"text","model":"scripted"}""", 1, 429 },
        { "/api/embed", """{"input":"text","model":"scripted"}""", 1, 503 },
        { "/api/embeddings", """{"prompt":"text","model":"scripted"}""", 1, 503 },
        { "/similarity", """{"inputs":{"source_sentence":"text","sentences":["text"]}}""", 2, 429 },
        { "/tokenize", """{"inputs":"text"}""", 1, 429 },
    };

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task Each_request_asks_once_and_waits_in_the_queue_which_is_bounded_and_keeps_nothing_of_those_that_give_up(
        string path, string body, int texts, int overloaded)
    {
        using var gate = new ManualResetEventSlim();
        using var gone = new CancellationTokenSource();
        await using var server = await TestServer.StartAsync(
            new ScriptedModel { OnLoad = _ => gate.Wait(Patience) },
            options =>
            {
                options.RequireModelName = true;
                options.MaxConnections = 2 * (Waiting + TooMany);
                options.Scheduling.MaxQueuedTexts = Waiting * texts;
            },
            OverheardRouter.Replace);
        var router = server.Get<ActorRegistry>().Get<BatchRouterActor>();

        var callers = Enumerable.Range(0, Waiting + TooMany).Select(i => AskAsync(server, path, body, i % 4 == 0 ? gone.Token : default)).ToArray();
        await QueueIsAsync(router, Waiting, texts);
        await Eventually.TrueAsync(async () => await YieldAsync() && callers.Count(caller => caller.IsCompleted) == TooMany);
        var refused = await Task.WhenAll(callers.Where(caller => caller.IsCompleted));
        var patient = callers.Where((caller, i) => !caller.IsCompleted && i % 4 != 0).ToArray();
        await gone.CancelAsync();
        await QueueIsAsync(router, patient.Length, texts);
        gate.Set();
        var answers = await Task.WhenAll(patient).WaitAsync(Patience);

        Assert.All(refused, answer => Assert.Equal((overloaded, true), ((int)answer.Status, answer.HasRetryAfter)));
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        await QueueIsAsync(router, 0, texts);
        var heard = server.Get<OverheardRouter>().Heard.Where(message => message is not AwaitStateChange).ToArray();
        Assert.Equal(Waiting + TooMany, heard.Length);
        Assert.All(heard, message => Assert.True(message is EmbedTexts or TokenizeTexts));
    }

    [Theory]
    [InlineData("/v1/embeddings", """{"input":"text","model":"another"}""", 404, "'another' is not loaded here")]
    [InlineData("/api/embed", """{"input":"text","model":"another"}""", 404, "'another' is not loaded here")]
    [InlineData("/v1/embeddings", """{"input":"text","dimensions":5}""", 400, "must not be above 4")]
    [InlineData("/embed", """{"texts":["text"],"dimensions":5}""", 422, "must not be above 4")]
    public async Task What_the_model_proves_not_to_be_is_told_as_if_it_had_been_known(string path, string body, int status, string message)
    {
        using var gate = new ManualResetEventSlim();
        var model = new ScriptedModel { OnLoad = _ => gate.Wait(ScriptedModel.GateTimeout) };
        await using var server = await TestServer.StartAsync(model, options => options.RequireModelName = true);

        var early = server.PostAsync(body, path);
        await QueueIsAsync(server.Get<ActorRegistry>().Get<BatchRouterActor>(), requests: 1, textsEach: 1);
        gate.Set();
        var (atFirst, firstBody) = await early;
        var (later, laterBody) = await server.PostAsync(body, path);

        Assert.Equal((status, status), ((int)atFirst.StatusCode, (int)later.StatusCode));
        Assert.All([firstBody, laterBody], told => Assert.Contains(message, told.GetRawText(), StringComparison.Ordinal));
        Assert.Empty(model.Batches);
    }

    private static Task QueueIsAsync(IActorRef router, int requests, int textsEach) => Eventually.TrueAsync(async () =>
        await router.Ask<ServiceStatus>(GetStatus.Instance, Patience) is var status
        && (status.QueuedRequests, status.QueuedTexts, status.QueuedBytes) == (requests, requests * textsEach, requests * textsEach * TextBytes));

    private static async Task<bool> YieldAsync()
    {
        await Task.Yield();
        return true;
    }

    private static async Task<(HttpStatusCode Status, bool HasRetryAfter)> AskAsync(TestServer server, string path, string body, CancellationToken gaveUp)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await server.Client.PostAsync(path, content, gaveUp);
        return (response.StatusCode, response.Headers.RetryAfter is not null);
    }
}
