using System.CommandLine;
using System.ComponentModel.DataAnnotations;
using ActorEmbed.Api.Hosting.Failures;
using ActorEmbed.Inference;
using ActorEmbed.Inference.Hub;

namespace ActorEmbed.Api.CommandLine;

/// <summary>The command line as a whole: parses it, runs a command, turns failures into one line and an exit code.</summary>
internal static class ActorEmbedCommand
{
    /// <summary>ENOSPC, the same on Linux and macOS; .NET passes it through.</summary>
    private const int NoSpace = 28;

    public static async Task<int> RunAsync(string[] args, Interruption interruption)
    {
        var root = new RootCommand(
            "ActorEmbed: text in, sentence vectors out. Without a command it serves over HTTP, as 'serve' does. " +
            "Each option is also an environment variable, such as ACTOREMBED_MAX_TEXTS for --max-texts, and a setting in appsettings.json beside " +
            "the executable; the command line wins over the environment, and that over the file. The API key comes from ACTOREMBED_API_KEY, a cluster's secret from ACTOREMBED_CLUSTER__SECRET.");
        ServeCommand.AddTo(root, interruption);
        root.Subcommands.Add(ServeCommand.Create(interruption));
        root.Subcommands.Add(PullCommand.Create(interruption));
        root.Subcommands.Add(EmbedCommand.Create(interruption));
        root.Subcommands.Add(CompareCommand.Create(interruption));
        root.Subcommands.Add(ModelsCommand.Create(interruption));
        root.Subcommands.Add(DoctorCommand.Create(interruption));

        var arguments = root.Parse(args);
        if (arguments.Errors.Count > 0)
            return Fail(ExitCode.BadOption, $"{string.Join(" ", arguments.Errors.Select(error => error.Message.ReplaceLineEndings(" ")))} See --help.");
        try
        {
            // The commands answer signals, each in its own way; the parser would end the process two seconds after one.
            return await arguments.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false });
        }
        catch (CommandFailure e)
        {
            return Fail(e.ExitCode, e.Message);
        }
        catch (ValidationException e)
        {
            return Fail(ExitCode.BadOption, e.Message);
        }
        catch (Exception e) when (e is ModelLoadException or ModelPullException)
        {
            return Fail(LoadFailure.Of(e).ExitCode, e.Message);
        }
        catch (Exception e) when (NativeLibraryFailure.IsIn(e))
        {
            return Fail(ExitCode.MissingRuntime, NativeLibraryFailure.Explain(e));
        }
        catch (IOException e) when (e.HResult == NoSpace)
        {
            return Fail(ExitCode.Unexpected, $"Cannot write: {e.Message}");
        }
        catch (Exception e)
        {
            // Nobody foresaw it, so whoever looks into it needs all of it; and no core dump.
            return Fail(ExitCode.Unexpected, e.ToString());
        }
    }

    private static int Fail(int exitCode, string message)
    {
        Console.Error.WriteLine($"actorembed: {message}");
        return exitCode;
    }
}
