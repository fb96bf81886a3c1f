using System.Net;
using System.Text;
using System.Text.Json;

namespace ActorEmbed.Soak;

/// <summary>The kinds of callers, each in a loop of its own until the time is up.</summary>
internal sealed class Callers(HttpClient client, Corpus corpus, Tally tally)
{
    private static readonly (string Body, HttpStatusCode Expected)[] Malformed =
    [
        ("", HttpStatusCode.BadRequest),
        ("{", HttpStatusCode.BadRequest),
        ("{}", HttpStatusCode.UnprocessableEntity),
        ("""{"texts":"no list"}""", HttpStatusCode.UnprocessableEntity),
        ("""{"texts":["a",1]}""", HttpStatusCode.UnprocessableEntity),
        ("""{"texts":["\ud800"]}""", HttpStatusCode.UnprocessableEntity),
    ];

    public Task RunAsync(CancellationToken timeIsUp) => Task.WhenAll(
    [
        .. Enumerable.Range(1, 2).Select(seed => LoopAsync(seed, BulkAsync, timeIsUp)),
        .. Enumerable.Range(10, 4).Select(seed => LoopAsync(seed, SingleAsync, timeIsUp)),
        LoopAsync(20, CancelledAsync, timeIsUp),
        LoopAsync(30, MalformedAsync, timeIsUp),
        LoopAsync(40, PoisonAsync, timeIsUp),
    ]);

    private static async Task LoopAsync(int seed, Func<Random, Task> call, CancellationToken timeIsUp)
    {
        var random = new Random(seed);
        while (!timeIsUp.IsCancellationRequested)
            await call(random);
    }

    private Task BulkAsync(Random random) => EmbedAsync(Corpus.Pick(random, random.Next(32, 1001)));

    private async Task SingleAsync(Random random)
    {
        await EmbedAsync(Corpus.Pick(random, 1));
        await Task.Delay(random.Next(0, 20));
    }

    private async Task EmbedAsync(int[] texts)
    {
        var body = JsonSerializer.Serialize(new { texts = texts.Select(t => corpus.Texts[t]) });
        while (true)
        {
            try
            {
                using var response = await PostAsync(body, CancellationToken.None);
                if (response.StatusCode == HttpStatusCode.ServiceUnavailable && response.Headers.RetryAfter?.Delta is { } wait)
                {
                    tally.Rejected();
                    await Task.Delay(wait);
                    continue;
                }

                if (response.StatusCode != HttpStatusCode.OK)
                    tally.WrongOne($"{texts.Length} texts were answered with {(int)response.StatusCode}");
                else if (!corpus.IsRight(texts, await VectorsAsync(response)))
                    tally.WrongOne($"{texts.Length} texts got other vectors");
                else
                    tally.Answered(texts.Length);
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException or JsonException)
            {
                tally.LostOne($"{texts.Length} texts: {e.Message}");
            }

            return;
        }
    }

    private async Task CancelledAsync(Random random)
    {
        using var gone = new CancellationTokenSource(random.Next(1, 30));
        var texts = Corpus.Pick(random, random.Next(1, 1000));
        try
        {
            using var response = await PostAsync(JsonSerializer.Serialize(new { texts = texts.Select(t => corpus.Texts[t]) }), gone.Token);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            // That is what this caller is for.
        }

        tally.Cancelled();
    }

    private async Task MalformedAsync(Random random)
    {
        var (body, expected) = Malformed[random.Next(Malformed.Length)];
        await ExpectAsync(body, expected);
        await Task.Delay(random.Next(0, 50));
    }

    private async Task PoisonAsync(Random random)
    {
        var texts = new[] { corpus.Texts[random.Next(100)], PoisonableModel.Poison };
        await ExpectAsync(JsonSerializer.Serialize(new { texts }), HttpStatusCode.InternalServerError, index: 1);
        await Task.Delay(random.Next(0, 500));
    }

    private async Task ExpectAsync(string body, HttpStatusCode expected, int? index = null)
    {
        try
        {
            using var response = await PostAsync(body, CancellationToken.None);
            var problem = JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsByteArrayAsync());
            if (response.StatusCode != expected)
                tally.WrongOne($"{(int)response.StatusCode} instead of {(int)expected}");
            else if (index is not null && problem.GetProperty("index").GetInt32() != index)
                tally.WrongOne($"index {problem.GetProperty("index")} instead of {index}");
            else
                tally.Rejected();
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or JsonException)
        {
            tally.LostOne($"a bad request: {e.Message}");
        }
    }

    private Task<HttpResponseMessage> PostAsync(string body, CancellationToken cancellation) =>
        client.PostAsync("/embed", new StringContent(body, Encoding.UTF8, "application/json"), cancellation);

    private static async Task<float[][]> VectorsAsync(HttpResponseMessage response)
    {
        await using var stream = await response.Content.ReadAsStreamAsync();
        var body = await JsonSerializer.DeserializeAsync<Dictionary<string, float[][]>>(stream);
        return body!["vectors"];
    }
}
