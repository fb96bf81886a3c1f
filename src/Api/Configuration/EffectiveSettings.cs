namespace ActorEmbed.Api.Configuration;

/// <summary>What <see cref="SettingsReader"/> found.</summary>
/// <param name="Options">Valid.</param>
/// <param name="UnknownVariables">
/// Environment variables with our prefix that are no setting. Not an error: a wrapper may have its own; but worth a
/// warning, as they may be misspelt.
/// </param>
internal sealed record EffectiveSettings(ServerOptions Options, IReadOnlyList<string> UnknownVariables);
