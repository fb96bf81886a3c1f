namespace ActorEmbed.Actors.Tests.Telemetry;

/// <summary>Tests that listen to the instruments of the whole process: one that throws is heard by the others.</summary>
[CollectionDefinition(Name)]
public sealed class Listeners
{
    public const string Name = "listeners";
}
