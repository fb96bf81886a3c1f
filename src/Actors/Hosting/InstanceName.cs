using System.Text.Json;
using ActorEmbed.Actors.Router;

namespace ActorEmbed.Actors.Hosting;

/// <summary>The names of one instance in its actor system, from the registry's key of its router.</summary>
internal sealed class InstanceName
{
    /// <summary>Name of the router with the default key; routers of a cluster have it too.</summary>
    public const string DefaultRouter = "embedding-router";

    private InstanceName(string suffix) => Suffix = suffix;

    /// <summary>Name of the router's actor below <c>/user</c>.</summary>
    public string Router => DefaultRouter + Suffix;

    /// <summary>Path of the dispatcher's settings.</summary>
    public string Dispatcher => "actorembed.inference-dispatcher" + Suffix;

    /// <summary>Name of the health check.</summary>
    public string HealthCheck => "actorembed" + Suffix;

    /// <summary>Empty for the instance with the default key.</summary>
    private string Suffix { get; }

    public static InstanceName Of<TKey>() => new(
        typeof(TKey) == typeof(BatchRouterActor) ? "" : "-" + JsonNamingPolicy.KebabCaseLower.ConvertName(typeof(TKey).Name.Replace('`', '-')));
}
