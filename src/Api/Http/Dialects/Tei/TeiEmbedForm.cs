using System.Text.Json;
using ActorEmbed.Actors.Messages;
using ActorEmbed.Api.Http.Answers;
using ActorEmbed.Api.Http.Bodies;
using ActorEmbed.Api.Http.Errors;

namespace ActorEmbed.Api.Http.Dialects.Tei;

/// <summary><c>{"inputs":...}</c> to the bare list of vectors.</summary>
internal sealed class TeiEmbedForm : IEmbedForm
{
    public string TextsField => TeiFields.Inputs;

    public TextFieldKinds Kinds => TextFieldKinds.Single | TextFieldKinds.TokenIds;

    public ErrorFormat Errors => TeiErrors.Instance;

    public bool TryRead(string field, ref Utf8JsonReader reader) => TeiFields.TryRefuse(field, ref reader);

    public void AddHeaders(HttpResponse response, EmbedRequest request, TextsEmbedded embedded) =>
        TeiHeaders.Add(response, request.Field!.Texts, embedded);

    public Task WriteAsync(HttpResponse response, IReadOnlyList<float[]> vectors) => ListAnswer.WriteAsync(
        response, vectors.Count, json => json.WriteStartArray(), (json, i) => json.WriteVector(vectors[i]), _ => { });
}
