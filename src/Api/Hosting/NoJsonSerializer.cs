using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Configuration;
using Akka.Serialization;

namespace ActorEmbed.Api.Hosting;

/// <summary>
/// Takes the place of Akka's JSON serializer in a node. That one makes whatever type the bytes name, and strict
/// serialization keeps a node only from sending such bytes, not from reading them: whoever reached the port could have
/// any object made.
/// </summary>
internal sealed class NoJsonSerializer : Serializer
{
    /// <param name="system">The node's.</param>
    /// <param name="settings">Akka passes those of the serializer that it names so; there is nothing to set.</param>
    public NoJsonSerializer(ExtendedActorSystem system, Config settings)
        : base(system) => _ = settings;

    /// <summary>Where the configuration names the serializer that this one stands for.</summary>
    public static string Hocon { get; } = $"akka.actor.serializers.json = \"{typeof(NoJsonSerializer).AssemblyQualifiedName}\"";

    /// <summary>That of Akka's JSON serializer.</summary>
    public override int Identifier => 1;

    public override bool IncludeManifest => false;

    public override byte[] ToBinary(object obj) => throw Refusal();

    public override object FromBinary(byte[] bytes, Type type) => throw Refusal();

    private static SerializationException Refusal() => new("Nodes of ActorEmbed send and read no JSON.");
}
