return await ActorEmbed.Api.CommandLine.ActorEmbedCommand.RunAsync(args);
