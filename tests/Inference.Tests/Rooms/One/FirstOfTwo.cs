using ActorEmbed.Inference.Tests.Rooms.Other;

namespace ActorEmbed.Inference.Tests.Rooms.One;

/// <summary>Half of the circle that <see cref="RoomTests"/> has to find.</summary>
internal sealed record FirstOfTwo(SecondOfTwo? Second);
