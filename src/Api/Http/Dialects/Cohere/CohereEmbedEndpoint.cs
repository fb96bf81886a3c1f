using System.Text.Json;
using ActorEmbed.Actors.Messages;
using ActorEmbed.Api.Http.Answers;
using ActorEmbed.Api.Http.Bodies;

namespace ActorEmbed.Api.Http.Dialects.Cohere;

/// <summary>
/// <c>POST /v1/embed</c> and <c>POST /v2/embed</c>: <c>{"texts":[...]}</c> to the vectors, in each form that is asked for. Version 1 gives
/// a bare list to who asks for none.
/// </summary>
internal sealed class CohereEmbedEndpoint(EmbeddingService service, ServerOptions options)
{
    private static readonly string[] Floats = ["float"];

    public async Task HandleAsync(HttpContext context, string apiVersion)
    {
        var request = new CohereEmbedRequest(options);
        await request.ReadAsync(context);
        await service.EmbedAsync(context, request.Common, embedded => WriteAsync(context, request, embedded, apiVersion));
    }

    private static async Task WriteAsync(HttpContext context, CohereEmbedRequest request, TextsEmbedded embedded, string apiVersion)
    {
        var isBare = apiVersion == CohereDialect.Version1 && request.Types.Count == 0;
        await using var answer = new JsonAnswer(context.Response);
        var json = answer.Json;
        json.WriteStartObject();
        json.WriteString("id", Guid.NewGuid());
        if (apiVersion == CohereDialect.Version1)
            json.WriteString("response_type", isBare ? "embeddings_floats" : "embeddings_by_type");
        if (!isBare)
            json.WriteStartObject("embeddings");
        foreach (var type in request.Types.Count > 0 ? request.Types : Floats)
        {
            json.WriteStartArray(isBare ? "embeddings" : type);
            foreach (var vector in embedded.Vectors)
            {
                Write(json, vector, type);
                await answer.FlushIfFullAsync();
            }

            json.WriteEndArray();
        }

        if (!isBare)
            json.WriteEndObject();
        json.WriteStartArray("texts");
        foreach (var text in request.Common.Field!.Texts)
        {
            json.WriteStringValue(text.Text);
            await answer.FlushIfFullAsync();
        }

        json.WriteEndArray();
        CohereMeta.Write(json, apiVersion, embedded.TotalTokens, isBilledByToken: true);
        json.WriteEndObject();
        answer.End();
    }

    private static void Write(Utf8JsonWriter json, float[] vector, string type)
    {
        if (type == VectorForm.Base64)
            json.WriteBase64StringValue(VectorBytes.Of(vector));
        else if (VectorForm.Types[type] is not VectorType.Float and var kind)
            QuantizedVector.Write(json, QuantizedVector.Of(vector, kind), kind);
        else
            json.WriteVector(vector);
    }
}
