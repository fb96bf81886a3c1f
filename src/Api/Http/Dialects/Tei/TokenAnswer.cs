using System.Text.Json;
using ActorEmbed.Actors.Messages;
using ActorEmbed.Api.Http.Answers;
using ActorEmbed.Inference;

namespace ActorEmbed.Api.Http.Dialects.Tei;

/// <summary>Writes the tokens of texts and their places; the tokens of a text may be millions.</summary>
internal sealed class TokenAnswer(LargeAnswers answers)
{
    // The ids of a body are about as large as the body: short words have four bytes a token. Their places are twice as much.
    public Task WriteAsync(HttpContext context, IReadOnlyList<string> texts, TextsTokenized tokenized, bool withSpecialTokens) => answers.WriteAsync(
        context, tokenized.Texts.Sum(text => (long)text.Ids.Length * sizeof(int)), () => WriteAsync(context.Response, texts, tokenized, withSpecialTokens));

    private static async Task WriteAsync(HttpResponse response, IReadOnlyList<string> texts, TextsTokenized tokenized, bool withSpecialTokens)
    {
        await using var answer = new JsonAnswer(response);
        answer.Json.WriteStartArray();
        foreach (var (text, tokens) in texts.Zip(tokenized.Texts))
        {
            answer.Json.WriteStartArray();
            var first = tokens.CountBefore;
            var end = tokens.Ids.Length - tokens.CountAfter;
            var start = new CharacterCount(text);
            var stop = new CharacterCount(text);
            for (var i = withSpecialTokens ? 0 : first; i < (withSpecialTokens ? tokens.Ids.Length : end); i++)
            {
                var isOfText = i >= first && i < end;
                WriteToken(
                    answer.Json,
                    tokens.Ids[i],
                    tokenized.Pieces[tokens.Ids[i]],
                    isOfText ? start.UpTo(tokens.Starts[i]) : null,
                    isOfText ? stop.UpTo(tokens.Ends[i]) : null);
                await answer.FlushIfFullAsync();
            }

            answer.Json.WriteEndArray();
        }

        answer.Json.WriteEndArray();
        answer.End();
    }

    private static void WriteToken(Utf8JsonWriter json, int id, TokenPiece piece, int? start, int? stop)
    {
        json.WriteStartObject();
        json.WriteNumber("id", id);
        json.WriteString("text", piece.Text);
        json.WriteBoolean("special", piece.IsSpecial);
        WritePlace(json, "start", start);
        WritePlace(json, "stop", stop);
        json.WriteEndObject();
    }

    private static void WritePlace(Utf8JsonWriter json, string name, int? place)
    {
        if (place is { } character)
            json.WriteNumber(name, character);
        else
            json.WriteNull(name);
    }
}
