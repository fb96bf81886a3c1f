namespace ActorEmbed.Api.CommandLine.Diagnosis;

/// <summary>One line of <c>actorembed doctor</c>.</summary>
/// <param name="Subject">What was looked at.</param>
/// <param name="Found">How it is.</param>
/// <param name="Advice">What to do; null when it is as it should be.</param>
/// <param name="ExitCode">What a server would end with for this reason; 0 when it would run.</param>
internal sealed record Finding(string Subject, string Found, string? Advice = null, int ExitCode = Api.ExitCode.Success);
