using ActorEmbed.Api.Http.Answers;
using ActorEmbed.Api.Http.Bodies;
using ActorEmbed.Api.Http.Errors;

namespace ActorEmbed.Api.Http.Dialects.Own;

/// <summary><c>{"texts":[...]}</c> to <c>{"vectors":[[...]]}</c>: the contract of the sidecar.</summary>
internal sealed class OwnEmbedForm : IEmbedForm
{
    public string TextsField => "texts";

    public TextFieldKinds Kinds => TextFieldKinds.List;

    public ErrorFormat Errors => ProblemFormat.Instance;

    public Task WriteAsync(HttpResponse response, IReadOnlyList<float[]> vectors) => ListAnswer.WriteAsync(
        response,
        vectors.Count,
        json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("vectors");
        },
        (json, i) => json.WriteVector(vectors[i]),
        json => json.WriteEndObject());
}
