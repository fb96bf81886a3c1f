using ActorEmbed.Client.Tests.Processes;

return args switch
{
    ["stand-in", .. var flags] => await StandIn.RunAsync(flags),
    ["host", var executable, .. var arguments] => await SidecarHost.RunAsync(executable, arguments),
    _ => throw new ArgumentException("This assembly is run by its own tests: stand-in FLAGS, or host EXECUTABLE ARGUMENTS."),
};
