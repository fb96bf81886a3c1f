using System.IO.Pipelines;

namespace ActorEmbed.Api.Hosting.Connections;

/// <summary>Both directions of a connection.</summary>
internal sealed record ClientPipe(PipeReader Input, PipeWriter Output) : IDuplexPipe;
