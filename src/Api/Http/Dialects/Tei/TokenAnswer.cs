using System.Text.Json;
using ActorEmbed.Actors.Messages;
using ActorEmbed.Api.Http.Answers;
using ActorEmbed.Api.Http.Errors;
using ActorEmbed.Inference;

namespace ActorEmbed.Api.Http.Dialects.Tei;

/// <summary>
/// Writes the tokens of texts and their places. The tokens of a text may be millions, and a caller may read them slowly: what all such
/// answers hold together is bounded, and each gets no more time than it takes to read it at a decent pace.
/// </summary>
internal sealed class TokenAnswer(ServerOptions options, TimeProvider time)
{
    // As with bodies: small answers are written however many large ones are being read.
    private const int FreeBytes = 64_000;

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    // The ids of a body are about as large as the body: short words have four bytes a token. Their places are twice as much.
    private readonly ByteBudget _budget = new(options.MaxBodyBytesInTotal);

    /// <summary>Bytes of ids that wait for callers to read them.</summary>
    public long TakenBytes => _budget.TakenBytes;

    public async Task WriteAsync(HttpContext context, Problems problems, IReadOnlyList<string> texts, TextsTokenized tokenized, bool withSpecialTokens)
    {
        var bytes = Math.Max(0, tokenized.Texts.Sum(text => (long)text.Ids.Length * sizeof(int)) - FreeBytes);
        if (!_budget.TryTake(bytes))
        {
            await problems.WriteAsync(context, new Failure(StatusCodes.Status503ServiceUnavailable, "Too many large answers are being read; try again later.")
            {
                IsOverload = true,
                RetryAfter = RetryAfter,
            });
            return;
        }

        try
        {
            using var deadline = time.CreateTimer(_ => context.Abort(), null, options.BodyTimeout, Timeout.InfiniteTimeSpan);
            await WriteAsync(context.Response, texts, tokenized, withSpecialTokens);
        }
        finally
        {
            _budget.Release(bytes);
        }
    }

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
