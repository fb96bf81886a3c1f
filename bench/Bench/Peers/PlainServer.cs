using System.Text.Json;
using ActorEmbed.Bench.Compiled;
using ActorEmbed.Bench.Real;
using ActorEmbed.Bench.StandIn;
using ActorEmbed.Inference;
using ActorEmbed.Inference.Tokenization;
using ActorEmbed.Tests.RealModels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ActorEmbed.Bench.Peers;

/// <summary>
/// What one writes in an afternoon: the exported graph behind POST /embed, one request at a time, each in padded batches
/// of 32 texts. The ready line is that of the real server.
/// </summary>
internal static class PlainServer
{
    private const int BatchSize = 32;

    public static void RunStandIn(string model, int threads)
    {
        using var encoder = new PlainEncoder(Path.Combine(model, "onnx", "model.onnx"), sortByLength: false, threads);
        Run(XlmRobertaTokenizer.Load(Path.Combine(model, "sentencepiece.bpe.model"), StandInShape.MaxTokens), encoder);
    }

    public static void RunReal(RealModel model, int threads)
    {
        var graph = Path.Combine(RealVariant.DirectoryOf(model), "onnx", "model.onnx");
        using var encoder = new PlainEncoder(graph, sortByLength: false, threads, model.UsesFirstToken ? PoolingMode.Cls : PoolingMode.Mean);
        Run(RealVariant.Tokenizer(model), encoder);
    }

    private static void Run(ITextTokenizer tokenizer, PlainEncoder encoder)
    {
        using var turn = new SemaphoreSlim(1);

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var server = builder.Build();
        server.Urls.Add("http://127.0.0.1:0");
        server.MapPost("/embed", async (EmbedRequest request) =>
        {
            await turn.WaitAsync();
            try
            {
                return Results.Json(new { vectors = Embed(request.Texts) });
            }
            finally
            {
                turn.Release();
            }
        });
        server.Start();
        Console.WriteLine(JsonSerializer.Serialize(new { @event = "ready", url = server.Urls.First(), pid = Environment.ProcessId }));
        server.WaitForShutdown();

        List<float[]> Embed(string[] texts)
        {
            var vectors = new List<float[]>();
            foreach (var batch in texts.Chunk(BatchSize))
                vectors.AddRange(encoder.Encode([.. batch.Select(text => tokenizer.Tokenize(text).Ids)]).Select(vector => VectorNorm.Normalize(vector)));
            return vectors;
        }
    }

    private sealed record EmbedRequest(string[] Texts);
}
