using ActorEmbed.Api;
using ActorEmbed.Api.CommandLine;
using ActorEmbed.Api.Hosting.Output;
using ActorEmbed.Api.Hosting.Parent;
using ActorEmbed.Api.Hosting.Starting;

// What may be over in a moment is looked at first: who started this process, how many descriptors there are, which of
// the standard streams are there. The runtime aborts where a library cannot be opened, so nothing is loaded before that.
ParentProcess.RememberBirth();
if (!DescriptorLimit.Suffices())
    return ExitCode.BadOption;
StandardStreams.Guard();
using var interruption = new Interruption();
var exitCode = await ActorEmbedCommand.RunAsync(args, interruption);
StandardStreams.Flush();
return exitCode;
