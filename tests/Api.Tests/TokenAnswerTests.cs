using System.IO.Pipelines;
using System.Text.Json;
using ActorEmbed.Actors.Messages;
using ActorEmbed.Api.Http.Dialects.Tei;
using ActorEmbed.Api.Http.Errors;
using ActorEmbed.Inference;
using ActorEmbed.Tests.Shared.Models;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ActorEmbed.Api.Tests;

public sealed class TokenAnswerTests
{
    private const int Tokens = 200_000;
    private static readonly TextsTokenized OneLongText = new(
        ScriptedModel.Info, [Repeat(Tokens)], new Dictionary<int, TokenPiece> { [7] = new("seven", IsSpecial: false) });

    [Fact]
    public async Task The_tokens_of_one_text_are_sent_as_they_are_read_and_what_they_held_is_given_back()
    {
        await using var server = await TestServer.StartAsync();
        var answers = new LargeAnswers(server.Get<Problems>(), new ServerOptions(), TimeProvider.System);
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 100_000, resumeWriterThreshold: 50_000));

        var writing = WriteAsync(answers, server, pipe.Writer);
        await Eventually.TrueAsync(() => Task.FromResult(answers.TakenBytes > 0));
        var first = await pipe.Reader.ReadAtLeastAsync(100_000);
        var (wasDone, held, sent) = (writing.IsCompleted, answers.TakenBytes, first.Buffer.Length);
        pipe.Reader.AdvanceTo(first.Buffer.Start);
        using var read = new MemoryStream();
        var reading = pipe.Reader.CopyToAsync(read);
        await writing;
        await pipe.Writer.CompleteAsync();
        await reading;

        Assert.False(wasDone);
        Assert.InRange(held, 1, Tokens * sizeof(int));
        // Ten megabytes are the whole; what a caller does not read is not written.
        Assert.InRange(sent, 100_000, 400_000);
        Assert.Equal(0, answers.TakenBytes);
        Assert.Equal(Tokens, JsonDocument.Parse(read.ToArray()).RootElement[0].GetArrayLength());
    }

    [Fact]
    public async Task Large_answers_that_are_not_read_leave_room_for_small_ones_and_refuse_large_ones()
    {
        await using var server = await TestServer.StartAsync();
        var answers = new LargeAnswers(server.Get<Problems>(), new ServerOptions { MaxBodyBytesInTotal = Tokens * sizeof(int) }, TimeProvider.System);
        var unread = new Pipe(new PipeOptions(pauseWriterThreshold: 100_000));
        var waiting = WriteAsync(answers, server, unread.Writer);
        await Eventually.TrueAsync(() => Task.FromResult(answers.TakenBytes > 0));

        var refused = await WriteAsync(answers, server, new Pipe().Writer);
        var small = await WriteAsync(answers, server, new Pipe().Writer, OneLongText with { Texts = [Repeat(3)] });
        await unread.Reader.CompleteAsync();
        await waiting;

        Assert.Equal((StatusCodes.Status503ServiceUnavailable, StatusCodes.Status200OK), (refused, small));
    }

    [Fact]
    public async Task An_answer_that_would_never_fit_is_refused_as_too_large()
    {
        await using var server = await TestServer.StartAsync();
        var answers = new LargeAnswers(server.Get<Problems>(), new ServerOptions { MaxBodyBytesInTotal = Tokens }, TimeProvider.System);

        Assert.Equal(StatusCodes.Status413PayloadTooLarge, await WriteAsync(answers, server, new Pipe().Writer));
    }

    private static TextTokens Repeat(int count) => new([.. Enumerable.Repeat(7, count)], new int[count], new int[count], CountBefore: 0, CountAfter: 0);

    private static async Task<int> WriteAsync(LargeAnswers answers, TestServer server, PipeWriter writer, TextsTokenized? tokenized = null)
    {
        var context = new DefaultHttpContext { RequestServices = server.Get<IServiceProvider>() };
        context.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(writer.AsStream(leaveOpen: true)));
        await new TokenAnswer(answers).WriteAsync(context, [""], tokenized ?? OneLongText, withSpecialTokens: true);
        await context.Response.BodyWriter.FlushAsync();
        return context.Response.StatusCode;
    }
}
