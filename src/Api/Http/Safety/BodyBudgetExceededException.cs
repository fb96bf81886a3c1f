namespace ActorEmbed.Api.Http.Safety;

/// <summary>A body grew beyond what <see cref="BodyBudget"/> has left.</summary>
internal sealed class BodyBudgetExceededException() : Exception("The bodies that are being read at the same time exceed their limit.");
