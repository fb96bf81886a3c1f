namespace ActorEmbed.Api.Configuration;

/// <summary>What one source says of one setting.</summary>
/// <param name="Path">The setting, as <see cref="Setting.Path"/>.</param>
/// <param name="Source">Where it stands, for a person: <c>--port</c>, <c>ACTOREMBED_PORT</c>.</param>
/// <param name="Values">One, or several for a list.</param>
internal sealed record GivenSetting(string Path, string Source, IReadOnlyList<string> Values);
