using System.Text.Json;
using ActorEmbed.Actors.Messages;
using ActorEmbed.Api.Http.Answers;
using ActorEmbed.Api.Http.Bodies;
using ActorEmbed.Api.Http.Dialects.Tei;

namespace ActorEmbed.Api.Http.Dialects.Own;

/// <summary>
/// <c>POST /embed</c>: <c>{"texts":[...]}</c> to <c>{"vectors":[[...]]}</c>; <c>{"inputs":...}</c> to the bare list, as
/// text-embeddings-inference has it; either to raw floats where the caller prefers them.
/// </summary>
internal sealed class EmbedEndpoint(EmbeddingService service, ServerOptions options)
{
    public async Task HandleAsync(HttpContext context)
    {
        var request = await EmbedRequestReader.ReadAsync(context, options);
        if (request.Dimensions is not null)
            await service.ModelForAsync(request, context.RequestAborted);
        await service.EmbedAsync(context, request, embedded => WriteAsync(context, request, embedded));
    }

    private static Task WriteAsync(HttpContext context, EmbedRequest request, TextsEmbedded embedded)
    {
        var isTei = request.Field!.Name == TeiFields.Inputs;
        if (isTei)
            TeiHeaders.Add(context.Response, request.Field.Texts, embedded);
        if (AcceptHeader.PrefersBytes(context.Request))
            return VectorBytes.WriteAsync(context.Response, embedded.Vectors);
        return isTei
            ? ListAnswer.WriteAsync(context.Response, embedded.Vectors.Count, json => json.WriteStartArray(), WriteVector, _ => { })
            : ListAnswer.WriteAsync(
                context.Response,
                embedded.Vectors.Count,
                json =>
                {
                    json.WriteStartObject();
                    json.WriteStartArray("vectors");
                },
                WriteVector,
                json => json.WriteEndObject());

        void WriteVector(Utf8JsonWriter json, int index) => json.WriteVector(embedded.Vectors[index]);
    }
}
