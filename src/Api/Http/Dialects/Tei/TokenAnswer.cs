using ActorEmbed.Actors.Messages;
using ActorEmbed.Api.Http.Answers;
using ActorEmbed.Api.Http.Errors;

namespace ActorEmbed.Api.Http.Dialects.Tei;

/// <summary>
/// Writes the tokens of texts. The ids of a text may be millions, and a caller may read them slowly: what all such
/// answers hold together is bounded, and each gets no more time than it takes to read it at a decent pace.
/// </summary>
internal sealed class TokenAnswer(ServerOptions options, TimeProvider time)
{
    // As with bodies: small answers are written however many large ones are being read.
    private const int FreeBytes = 64_000;

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    // The ids of a body are about as large as the body: short words have four bytes a token.
    private readonly ByteBudget _budget = new(options.MaxBodyBytesInTotal);

    /// <summary>Bytes of ids that wait for callers to read them.</summary>
    public long TakenBytes => _budget.TakenBytes;

    public async Task WriteAsync(HttpContext context, Problems problems, TextsTokenized tokenized, bool withSpecialTokens)
    {
        var bytes = Math.Max(0, tokenized.TokenIds.Sum(ids => (long)ids.Length * sizeof(int)) - FreeBytes);
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
            await WriteAsync(context.Response, tokenized, withSpecialTokens);
        }
        finally
        {
            _budget.Release(bytes);
        }
    }

    private static async Task WriteAsync(HttpResponse response, TextsTokenized tokenized, bool withSpecialTokens)
    {
        await using var answer = new JsonAnswer(response);
        answer.Json.WriteStartArray();
        foreach (var ids in tokenized.TokenIds)
        {
            answer.Json.WriteStartArray();
            var (first, end) = withSpecialTokens ? (0, ids.Length) : (1, ids.Length - 1);
            for (var i = first; i < end; i++)
            {
                WriteToken(answer.Json, ids[i], tokenized.Pieces[ids[i]]);
                await answer.FlushIfFullAsync();
            }

            answer.Json.WriteEndArray();
        }

        answer.Json.WriteEndArray();
        await answer.FlushAsync();
    }

    private static void WriteToken(System.Text.Json.Utf8JsonWriter json, int id, Inference.TokenPiece piece)
    {
        json.WriteStartObject();
        json.WriteNumber("id", id);
        json.WriteString("text", piece.Text);
        json.WriteBoolean("special", piece.IsSpecial);
        // Where the token stood in the text is not known: normalising moves and merges characters.
        json.WriteNull("start");
        json.WriteNull("stop");
        json.WriteEndObject();
    }
}
