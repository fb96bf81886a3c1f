using ActorEmbed.Inference.Tests.Rooms.One;

namespace ActorEmbed.Inference.Tests.Rooms.Other;

/// <summary>The other half.</summary>
internal sealed record SecondOfTwo(FirstOfTwo? First);
