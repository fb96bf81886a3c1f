using System.Text.Json;
using ActorEmbed.Actors.Messages;
using ActorEmbed.Api.Http.Answers;
using ActorEmbed.Api.Http.Bodies;

namespace ActorEmbed.Api.Http.Dialects.Tei;

/// <summary><c>POST /tokenize</c>: <c>{"inputs":...}</c> to the tokens of each text, all of them.</summary>
internal sealed class TokenizeEndpoint(EmbeddingService service, ServerOptions options)
{
    private const string AddSpecialTokensField = "add_special_tokens";

    public async Task HandleAsync(HttpContext context)
    {
        TextField? inputs = null;
        var withSpecialTokens = true;
        await JsonBody.ReadObjectAsync(context.Request, (string field, ref Utf8JsonReader reader) =>
        {
            switch (field)
            {
                case TeiFields.Inputs:
                    inputs = TextField.Read(ref reader, field, TextFieldKinds.Single, options);
                    return true;
                case AddSpecialTokensField:
                    withSpecialTokens = JsonFields.ReadBoolean(ref reader, field);
                    return true;
                default:
                    return TeiFields.TryRefuse(field, ref reader);
            }
        });
        if (inputs is null)
            throw JsonBody.Invalid($"'{TeiFields.Inputs}' is missing.", TeiFields.Inputs);

        var command = new TokenizeTexts([.. inputs.Texts.Select(text => text.Text!)]) { Cancellation = context.RequestAborted };
        await service.AskAsync<TextsTokenized>(context, command, inputs.PlaceOf, tokenized => ListAnswer.WriteAsync(
            context.Response,
            tokenized.TokenIds.Count,
            json => json.WriteStartArray(),
            (json, i) => WriteTokens(json, tokenized, withSpecialTokens ? tokenized.TokenIds[i] : tokenized.TokenIds[i].AsSpan(1..^1)),
            _ => { }));
    }

    private static void WriteTokens(Utf8JsonWriter json, TextsTokenized tokenized, ReadOnlySpan<int> ids)
    {
        json.WriteStartArray();
        foreach (var id in ids)
        {
            var piece = tokenized.Pieces[id];
            json.WriteStartObject();
            json.WriteNumber("id", id);
            json.WriteString("text", piece.Text);
            json.WriteBoolean("special", piece.IsSpecial);
            // Where the token stood in the text is not known: normalising moves and merges characters.
            json.WriteNull("start");
            json.WriteNull("stop");
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
