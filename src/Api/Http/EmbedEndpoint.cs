using System.Net.Mime;
using System.Text.Json;
using ActorEmbed.Actors;
using ActorEmbed.Actors.Messages;
using Akka.Actor;
using Akka.Hosting;

namespace ActorEmbed.Api.Http;

/// <summary><c>POST /embed</c>: <c>{"texts":[...],"normalize":true}</c> to <c>{"vectors":[[...]]}</c>.</summary>
internal sealed class EmbedEndpoint(IRequiredActor<BatchRouterActor> router, Problems problems, ServerOptions options)
{
    // The router answers every request within its time-out; this is for the case that the router itself is lost.
    private static readonly TimeSpan AnswerMargin = TimeSpan.FromSeconds(10);

    // Large enough that a flush costs little per vector, small enough that memory stays flat for 10,000 of them.
    private const int FlushBytes = 64 * 1024;

    public async Task HandleAsync(HttpContext context)
    {
        var request = await EmbedRequestReader.ReadAsync(context.Request, options);
        var command = new EmbedTexts(request.Texts)
        {
            Normalize = request.Normalize,
            Cancellation = context.RequestAborted,
        };
        var reply = await router.ActorRef.Ask<EmbedReply>(
            command, options.Scheduling.RequestTimeout + AnswerMargin, context.RequestAborted);

        if (reply is EmbedRejected rejected)
            await problems.WriteAsync(context, rejected);
        else
            await WriteVectorsAsync(context, ((TextsEmbedded)reply).Vectors);
    }

    private static async Task WriteVectorsAsync(HttpContext context, IReadOnlyList<float[]> vectors)
    {
        context.Response.ContentType = MediaTypeNames.Application.Json;
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        json.WriteStartObject();
        json.WriteStartArray("vectors");
        foreach (var vector in vectors)
        {
            json.WriteStartArray();
            foreach (var component in vector)
                json.WriteNumberValue(component);
            json.WriteEndArray();
            if (json.BytesPending >= FlushBytes)
                await json.FlushAsync(context.RequestAborted);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        await json.FlushAsync(context.RequestAborted);
    }
}
