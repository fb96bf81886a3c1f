using ActorEmbed.Actors.Inference;
using ActorEmbed.Actors.Router;

namespace ActorEmbed.Actors.Hosting;

/// <summary>
/// How a host tells its instances apart: by the registry's key of the router, a type, or by a name, where models are added as
/// a list and the registry, which knows types alone, has no key for each.
/// </summary>
/// <param name="Type">Null where it has a name.</param>
/// <param name="Name">In lower case, as names of models are the same in any case; null where it has a type.</param>
internal sealed record InstanceKey(Type? Type, string? Name)
{
    /// <summary>The instance that is there when nobody speaks of several.</summary>
    public static InstanceKey Default { get; } = Of<BatchRouterActor>();

    public static InstanceKey Of<TKey>() => new(typeof(TKey), null);

    /// <exception cref="ArgumentException">It is empty.</exception>
    public static InstanceKey Named(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return new(null, name.ToLowerInvariant());
    }

    /// <summary>Of the inference node with this name, which may have a router of the same name beside it.</summary>
    public InstanceKey ForNode() => this with { Type = typeof(InferenceActor) };

    /// <summary>For messages.</summary>
    public override string ToString() => Name is null ? $"with the key {Type!.Name}" : $"named '{Name}'";
}
