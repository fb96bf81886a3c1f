using Akka.Actor;

namespace ActorEmbed.Actors.Messages;

/// <summary>The one answer to an <see cref="EmbedTexts"/>, a <see cref="RankTexts"/>, a <see cref="TokenizeTexts"/> or a <see cref="DecodeTokens"/>.</summary>
public abstract record EmbedReply : INoSerializationVerificationNeeded;
