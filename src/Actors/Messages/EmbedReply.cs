using Akka.Actor;

namespace ActorEmbed.Actors.Messages;

/// <summary>The one answer to an <see cref="EmbedTexts"/>, a <see cref="RankTexts"/> or a <see cref="TokenizeTexts"/>.</summary>
public abstract record EmbedReply : INoSerializationVerificationNeeded;
