using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.RegularExpressions;
using Akka.Actor;
using Akka.Event;

namespace ActorEmbed.Api.Hosting;

/// <summary>
/// What is said of an event of Akka's remoting. Whoever reaches the cluster port can cause one, and Akka and DotNetty put
/// what he sent into their messages, such as a request to the wrong port, with its texts and keys, in hex. So nothing is
/// taken from them but their own words, addresses and numbers.
/// </summary>
internal static partial class RemotingText
{
    /// <summary>Whether this is such an event.</summary>
    public static bool IsAbout(LogEvent log) => IsRemoting(log.LogClass) || Causes(log.Cause).Any(cause => IsRemoting(cause.GetType()));

    /// <summary>One line: what happened, with whom, and how many bytes came, as far as that is known.</summary>
    public static string Of(LogEvent log)
    {
        var parts = new List<string>();
        if (log.Message is LogMessage message)
            parts.Add(Fill(message.Format, [.. message.Parameters()]));
        else if (log.Cause is null)
            parts.Add($"An event of {log.LogClass.Name}");
        if (log.Cause is { } cause)
            parts.Add(Describe(cause));
        return string.Join(": ", parts);
    }

    private static bool IsRemoting(Type type) =>
        type.FullName is { } name && (name.StartsWith("Akka.Remote.", StringComparison.Ordinal) || name.StartsWith("DotNetty.", StringComparison.Ordinal));

    private static string Fill(string format, object?[] values)
    {
        var next = 0;
        var text = Placeholder().Replace(format, hole =>
        {
            var index = int.TryParse(hole.Groups[1].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : next++;
            return index < values.Length ? Describe(values[index]) : "";
        });
        return text.TrimStart().ReplaceLineEndings("\n").Split('\n')[0];
    }

    private static string Describe(object? value) => value switch
    {
        EndPoint or Address or Type or Enum or TimeSpan => value.ToString()!,
        int or long or double => ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture),
        Exception e => Describe(e),
        null => "",
        _ => value.GetType().Name,
    };

    private static string Describe(Exception exception)
    {
        var cause = exception.GetBaseException();
        // Words of the system and of .NET.
        if (cause is SocketException or AuthenticationException)
            return cause.Message;
        var bytes = HexDigits().Matches(cause.Message).Select(digits => digits.Length / 2).DefaultIfEmpty().Max();
        return bytes == 0 ? cause.GetType().Name : $"{cause.GetType().Name}, {bytes} bytes";
    }

    private static IEnumerable<Exception> Causes(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
            yield return exception;
    }

    [GeneratedRegex(@"\{(\w+)[^}]*\}")]
    private static partial Regex Placeholder();

    [GeneratedRegex("[0-9A-Fa-f]{8,}")]
    private static partial Regex HexDigits();
}
