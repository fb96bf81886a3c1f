using System.Globalization;
using Akka.Actor;

namespace ActorEmbed.Actors.WorkProtocol;

/// <summary>
/// Which process an inference node is in: one that is started again has the same address and is another. The number that the
/// cluster tells members of one address apart by stands in the name of the node's actor, which every message of it carries, so
/// that routers of all versions understand it.
/// </summary>
internal static class NodeIncarnation
{
    private const char Separator = '+';

    /// <summary>The name of an inference node's actor.</summary>
    /// <param name="name">What it is called in every process.</param>
    /// <param name="incarnation">The process that it is in, as the cluster tells it from others.</param>
    public static string NameIn(string name, int incarnation) => string.Create(CultureInfo.InvariantCulture, $"{name}{Separator}{incarnation}");

    /// <summary>The process that a node's actor is in; null where its version does not tell.</summary>
    public static int? Of(ActorPath worker) =>
        worker.Name.LastIndexOf(Separator) is >= 0 and var at && int.TryParse(worker.Name.AsSpan(at + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var uid)
            ? uid
            : null;
}
