using System.CommandLine;
using ActorEmbed.Api;
using ActorEmbed.Api.CommandLine;

var root = new RootCommand("ActorEmbed: text in, sentence vectors out, over HTTP.");
ServeCommand.AddTo(root);

var arguments = root.Parse(args);
if (arguments.Errors.Count > 0)
{
    Console.Error.WriteLine($"actorembed: {string.Join(" ", arguments.Errors.Select(error => error.Message))} See --help.");
    return ExitCode.BadOption;
}

// The host answers signals, in its own time; the parser would end the process two seconds after one.
return await arguments.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
