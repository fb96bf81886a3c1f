using System.Text.Json;

namespace ActorEmbed.Actors.Hosting;

/// <summary>The names of one instance in its actor system.</summary>
internal sealed class InstanceName
{
    /// <summary>Name of the router with the default key; routers of a cluster have it too.</summary>
    public const string DefaultRouter = "embedding-router";

    /// <summary>Path of the settings of the thread that all models share which have no key of their own.</summary>
    public const string SharedDispatcher = "actorembed.inference-dispatcher";

    private readonly string _suffix;
    private readonly bool _hasOwnThread;

    private InstanceName(string suffix, bool hasOwnThread) => (_suffix, _hasOwnThread) = (suffix, hasOwnThread);

    /// <summary>Name of the router's actor below <c>/user</c>.</summary>
    public string Router => DefaultRouter + _suffix;

    /// <summary>Path of the dispatcher's settings.</summary>
    public string Dispatcher => SharedDispatcher + (_hasOwnThread ? _suffix : "");

    /// <summary>Name of the health check.</summary>
    public string HealthCheck => "actorembed" + _suffix;

    public static InstanceName Of(InstanceKey key)
    {
        if (key == InstanceKey.Default)
            return new InstanceName("", hasOwnThread: false);
        // A model's name may have characters that an actor's path has not, such as a slash.
        return key.Name is { } name
            ? new InstanceName("-" + Uri.EscapeDataString(name), hasOwnThread: false)
            : new InstanceName("-" + JsonNamingPolicy.KebabCaseLower.ConvertName(key.Type!.Name.Replace('`', '-')), hasOwnThread: true);
    }
}
