using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using ActorEmbed.Api.Hosting.Models;

namespace ActorEmbed.Api.Hosting.Events;

/// <summary>
/// What a parent process reads of this one beside the ready line: a JSON object a line on standard output, each with an
/// <c>event</c>. A parent passes over events that it does not know.
/// </summary>
internal sealed class EventLines(TextWriter output)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        // A parent that decodes the stream in another code page than UTF-8 still reads a path as it is.
        Encoder = JavaScriptEncoder.Default,
    };

    public void Progress(LoadStatus status) => Write(new
    {
        Event = "progress",
        status.Model,
        status.Stage,
        status.File,
        status.Bytes,
        status.Size,
        status.Fraction,
        status.Note,
    });

    /// <param name="reason">A word of <see cref="Failures.FailureReason"/>.</param>
    /// <param name="message">One line for a person.</param>
    public void Failed(string reason, string message) => Write(new { Event = "failed", reason, message });

    /// <param name="model">Its full id.</param>
    /// <param name="directory">Where it lies.</param>
    public void Pulled(string model, string directory) => Write(new { Event = "pulled", model, directory });

    private void Write<T>(T line)
    {
        // One call: lines of other threads come before or after, not in between.
        output.WriteLine(JsonSerializer.Serialize(line, Options));
        output.Flush();
    }
}
