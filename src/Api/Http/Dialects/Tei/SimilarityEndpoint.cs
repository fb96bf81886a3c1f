using System.Numerics.Tensors;
using System.Text.Json;
using ActorEmbed.Api.Http.Answers;
using ActorEmbed.Api.Http.Bodies;
using ActorEmbed.Inference;

namespace ActorEmbed.Api.Http.Dialects.Tei;

/// <summary>
/// <c>POST /similarity</c>: <c>{"inputs":{"source_sentence":"...","sentences":[...]}}</c> to the cosine of the source with
/// each sentence.
/// </summary>
internal sealed class SimilarityEndpoint(EmbeddingService service, ServedModels models, ServerOptions options)
{
    private const string SourceField = "source_sentence";
    private const string SentencesField = "sentences";
    private const string ParametersField = "parameters";

    public async Task HandleAsync(HttpContext context)
    {
        string? source = null;
        TextField? sentences = null;
        var request = new EmbedRequest();
        await JsonBody.ReadObjectAsync(context.Request, (string field, ref Utf8JsonReader reader) => field switch
        {
            TeiFields.Inputs => ReadInputs(ref reader),
            ParametersField => JsonBody.ReadObject(ref reader, field, ReadParameter),
            EmbedRequest.ModelField when models.AreSeveral => request.TryRead(field, ref reader),
            _ => false,
        });
        Require(source, SourceField);
        Require(sentences, SentencesField);
        // The source comes last, so that the index of a sentence is its own.
        IReadOnlyList<EmbeddingInput> texts = [.. sentences!.Texts, source];
        await service.EmbedAsync(
            context,
            request,
            texts,
            index => index < sentences.Texts.Count ? sentences.PlaceOf(index) : (SourceField, null),
            embedded =>
            {
                TeiHeaders.Add(context.Response, texts, embedded);
                return ListAnswer.WriteAsync(
                    context.Response,
                    sentences.Texts.Count,
                    json => json.WriteStartArray(),
                    (json, i) => json.WriteNumberValue(TensorPrimitives.Dot<float>(embedded.Vectors[i], embedded.Vectors[^1])),
                    _ => { });
            });

        bool ReadInputs(ref Utf8JsonReader reader) => JsonBody.ReadObject(ref reader, TeiFields.Inputs, ReadInput);

        bool ReadInput(string field, ref Utf8JsonReader reader)
        {
            switch (field)
            {
                case SourceField:
                    source = TextField.ReadSingle(ref reader, field, options);
                    return true;
                case SentencesField:
                    sentences = TextField.Read(ref reader, field, TextFieldKinds.List, options);
                    return true;
                default:
                    return false;
            }
        }

        bool ReadParameter(string field, ref Utf8JsonReader reader) =>
            (field is EmbedRequest.TruncateField or EmbedRequest.PromptNameField && request.TryRead(field, ref reader)) || TeiFields.TryRefuse(field, ref reader);
    }

    private static void Require(object? value, string field)
    {
        if (value is null)
            throw JsonBody.Invalid($"'{TeiFields.Inputs}.{field}' is missing.", field);
    }
}
