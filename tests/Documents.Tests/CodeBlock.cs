namespace ActorEmbed.Documents.Tests;

/// <summary>Code that a document shows.</summary>
/// <param name="Document">Path from the root.</param>
/// <param name="Code">What stands between the fences.</param>
internal sealed record CodeBlock(string Document, string Code);
