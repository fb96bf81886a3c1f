namespace ActorEmbed.Api.Hosting.Models;

/// <summary>The <c>progress</c> of /health while a model is being pulled.</summary>
/// <param name="Model">Its full id.</param>
/// <param name="Stage">Such as <c>listing</c>, <c>downloading</c>, <c>retrying</c>.</param>
/// <param name="File">The file that moved last.</param>
/// <param name="Bytes">Bytes of all files that are there.</param>
/// <param name="Size">Bytes of all files; 0 while unknown.</param>
/// <param name="Fraction">0 to 1.</param>
/// <param name="Note">A line for a person when waiting or retrying.</param>
internal sealed record LoadStatus(string Model, string Stage, string? File, long Bytes, long Size, double Fraction, string? Note);
