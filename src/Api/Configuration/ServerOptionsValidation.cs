using System.ComponentModel.DataAnnotations;
using System.Net.Sockets;

namespace ActorEmbed.Api.Configuration;

/// <summary>Finds everything that is wrong with the options, so that it is told at once.</summary>
internal static class ServerOptionsValidation
{
    // A byte of a body is at most one character, of two bytes; a token id takes two bytes there and four here.
    private const int QueuedBytesPerBodyByte = 2;

    /// <summary>One sentence for each problem, with the names of the settings it concerns.</summary>
    public static IReadOnlyList<ValidationResult> ProblemsOf(ServerOptions options)
    {
        var problems = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), problems, validateAllProperties: true);
        problems.AddRange(Listening(options));
        problems.AddRange(Callers(options));
        if (options.MaxBodyBytesInTotal < options.MaxBodyBytes)
            problems.Add(Problem("MaxBodyBytesInTotal must not be less than MaxBodyBytes.", nameof(options.MaxBodyBytesInTotal)));
        // Only a process that takes requests queues them.
        if (options.HasHttp)
            problems.AddRange(Queue(options));
        problems.AddRange(ModelValidation.ProblemsOf(options));
        problems.AddRange(Section(options.Scheduling.Validate));
        if (options.Cluster is { } cluster)
            problems.AddRange(Section(cluster.Validate));
        return problems;
    }

    /// <summary>What one request may have has to fit the empty queue, or it would be refused for ever.</summary>
    private static IEnumerable<ValidationResult> Queue(ServerOptions options)
    {
        if (options.MaxTexts > options.Scheduling.MaxQueuedTexts)
        {
            yield return Problem(
                $"MaxTexts ({options.MaxTexts}) must not be above Scheduling:MaxQueuedTexts ({options.Scheduling.MaxQueuedTexts}): a request of so many texts would never fit the queue.",
                nameof(options.MaxTexts));
        }

        if (options.MaxBodyBytes > options.Scheduling.MaxQueuedBytes / QueuedBytesPerBodyByte)
        {
            yield return Problem(
                $"MaxBodyBytes ({options.MaxBodyBytes}) must not be above half of Scheduling:MaxQueuedBytes ({options.Scheduling.MaxQueuedBytes}): its texts take twice the room in memory, and would never fit the queue.",
                nameof(options.MaxBodyBytes));
        }
    }

    private static IEnumerable<ValidationResult> Listening(ServerOptions options)
    {
        if (!ListenAddress.IsValid(options.Address))
        {
            yield return Problem(
                $"Address must be '{ListenAddress.Localhost}', an IP address, or '{ListenAddress.Any}' for every address.", nameof(options.Address));
        }

        if (options.Socket is { } path && WhyNoSocket(path) is { } why)
            yield return Problem(why, nameof(options.Socket));
    }

    private static string? WhyNoSocket(string path)
    {
        if (string.IsNullOrWhiteSpace(path))
            return "Socket is empty; it must be a path.";
        if (!System.Net.Sockets.Socket.OSSupportsUnixDomainSockets)
            return "Socket: this system has no Unix domain sockets.";
        try
        {
            _ = new UnixDomainSocketEndPoint(Path.GetFullPath(path));
            return null;
        }
        catch (Exception e) when (e is ArgumentException or IOException)
        {
            // About 100 bytes on every system; the number differs.
            return "Socket: the path is too long for a Unix domain socket.";
        }
    }

    private static IEnumerable<ValidationResult> Callers(ServerOptions options)
    {
        // An empty key is a mistake, and taking it for no key would open the server.
        if (options.ApiKey is { } key && (key.Length == 0 || !key.All(c => c is > ' ' and <= '~')))
            yield return Problem("ApiKey must be printable ASCII without spaces, and not empty; unset it for a server without a key.", nameof(options.ApiKey));

        foreach (var host in options.AllowedHosts.Where(host => !IsHostPattern(host)))
        {
            yield return Problem(
                $"AllowedHosts: '{host}' is not a host name; write it without scheme, port and path, such as 'box.example.com'.",
                nameof(options.AllowedHosts));
        }

        foreach (var origin in options.CorsOrigins.Where(origin => !IsOrigin(origin)))
        {
            yield return Problem(
                $"CorsOrigins: '{origin}' is not an origin; write scheme, host and port as a browser does, such as 'https://app.example.com'.",
                nameof(options.CorsOrigins));
        }
    }

    private static bool IsHostPattern(string host) =>
        host == "*" || Uri.CheckHostName(host.StartsWith("*.", StringComparison.Ordinal) ? host[2..] : host) != UriHostNameType.Unknown;

    // A page of a file has the origin "null", and so has every sandboxed frame of anyone: it cannot be named.
    private static bool IsOrigin(string origin) =>
        origin == "*" || (Uri.TryCreate(origin, UriKind.Absolute, out var uri) && origin == uri.GetLeftPart(UriPartial.Authority));

    /// <summary>A section says all that is wrong with it in one message.</summary>
    private static IEnumerable<ValidationResult> Section(Action validate)
    {
        ValidationResult? problem = null;
        try
        {
            validate();
        }
        catch (ValidationException e)
        {
            problem = new ValidationResult(e.Message);
        }

        if (problem is not null)
            yield return problem;
    }

    private static ValidationResult Problem(string message, string setting) => new(message, [setting]);
}
