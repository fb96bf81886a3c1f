using System.Text.Json;
using System.Threading.Channels;
using ActorEmbed.Api.Http.Answers;
using ActorEmbed.Inference.Hub;

namespace ActorEmbed.Api.Http.Dialects.Ollama;

/// <summary>The answer of a pull: a JSON object a line while it goes on, or one at its end.</summary>
/// <param name="response">The status is 200.</param>
/// <param name="streams">Whether the caller wants lines.</param>
internal sealed class PullAnswer(HttpResponse response, bool streams)
{
    // A line for each hundredth of a model is enough for any bar.
    private const int Steps = 100;

    private int _step = -1;

    public bool HasStarted => response.HasStarted;

    /// <summary>Runs a pull and tells how far it is, then that it is done.</summary>
    public async Task FollowAsync(Func<IProgress<PullProgress>, Task> pull)
    {
        // A caller that reads slowly holds up no pull: of what it has not read, the latest counts.
        var lines = Channel.CreateBounded<PullProgress>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
        var pulling = RunAsync(pull, lines.Writer);
        await foreach (var progress in lines.Reader.ReadAllAsync(response.HttpContext.RequestAborted))
        {
            if (streams && Describe(progress) is { } line)
                await WriteAsync(line);
        }

        await pulling;
        await EndAsync();
    }

    public Task EndAsync() => WriteAsync(new { status = "success" });

    public Task FailAsync(string reason) => WriteAsync(new { error = reason });

    private static async Task RunAsync(Func<IProgress<PullProgress>, Task> pull, ChannelWriter<PullProgress> lines)
    {
        try
        {
            await pull(new Reports(lines));
        }
        finally
        {
            lines.Complete();
        }
    }

    /// <summary>Null where there is nothing new to say.</summary>
    private object? Describe(PullProgress progress)
    {
        if (progress.Note is { } note)
            return new { status = Errors.PublicReason.Of(note) };
        if (progress.Stage is PullStage.Listing)
            return new { status = "pulling manifest" };
        var step = (int)(progress.Fraction * Steps);
        if (progress.Size == 0 || step == _step)
            return null;
        _step = step;
        return new
        {
            status = $"pulling {progress.Model}",
            digest = "sha256:" + OllamaModel.DigestOf(progress.Model),
            total = progress.Size,
            completed = progress.Bytes,
        };
    }

    private async Task WriteAsync(object line)
    {
        if (!response.HasStarted)
            response.ContentType = streams ? "application/x-ndjson" : System.Net.Mime.MediaTypeNames.Application.Json;
        await response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(line, DialectJson.Options), response.HttpContext.RequestAborted);
        if (streams)
            await response.Body.WriteAsync("\n"u8.ToArray(), response.HttpContext.RequestAborted);
        await response.Body.FlushAsync(response.HttpContext.RequestAborted);
    }

    private sealed class Reports(ChannelWriter<PullProgress> lines) : IProgress<PullProgress>
    {
        public void Report(PullProgress value) => lines.TryWrite(value);
    }
}
