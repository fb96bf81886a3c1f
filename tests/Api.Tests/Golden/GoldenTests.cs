using System.Text;
using System.Text.Json;
using ActorEmbed.Tests.Shared.Models;

namespace ActorEmbed.Api.Tests.Golden;

public sealed class GoldenTests : IAsyncLifetime
{
    private const string Rerank = "rerank";

    private TestServer _embedder = null!;
    private TestServer _reranker = null!;

    public static TheoryData<string, int> Exchanges
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (var dialect in GoldenExchange.Dialects)
            {
                for (var i = 0; i < GoldenExchange.Of(dialect).Count; i++)
                    data.Add(dialect, i);
            }

            return data;
        }
    }

    public async Task InitializeAsync()
    {
        _embedder = await TestServer.StartAsync(configure: options => options.MaxTexts = 3);
        _reranker = await TestServer.StartAsync(new ScriptedModel { Described = ScriptedModel.RerankerInfo }, options => options.MaxTexts = 3);
        await _reranker.ReadyAsync();
    }

    public async Task DisposeAsync()
    {
        await _embedder.DisposeAsync();
        await _reranker.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Exchanges))]
    public async Task A_request_gets_the_answer_on_file(string dialect, int number)
    {
        var exchange = GoldenExchange.Of(dialect)[number];
        using var request = new HttpRequestMessage(new HttpMethod(exchange.Method), exchange.Path);
        if (exchange.Body is { } body)
            request.Content = new StringContent(body.ValueKind == JsonValueKind.String ? body.GetString()! : body.GetRawText(), Encoding.UTF8, "application/json");

        var response = await (dialect == Rerank ? _reranker : _embedder).Client.SendAsync(request);

        var answer = await TestServer.ReadJsonAsync(response);
        Assert.Equal((exchange.Name, exchange.Status), (exchange.Name, (int)response.StatusCode));
        Assert.Null(GoldenExchange.Difference(exchange.Answer, answer) is { } difference ? $"{exchange.Name}: {difference}" : null);
        Assert.Equal(dialect == "sidecar" && exchange.Status != 200 || exchange.Name.StartsWith("own: an", StringComparison.Ordinal) ? "application/problem+json" : "application/json", response.Content.Headers.ContentType?.MediaType);
    }
}
