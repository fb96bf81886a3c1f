namespace ActorEmbed.Api.CommandLine;

/// <summary>Ends a command: one line on standard error, and the exit code.</summary>
internal sealed class CommandFailure(int exitCode, string message, Exception? cause = null) : Exception(message, cause)
{
    public int ExitCode => exitCode;
}
