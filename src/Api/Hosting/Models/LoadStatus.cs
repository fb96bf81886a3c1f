using System.Text.Json.Serialization;

namespace ActorEmbed.Api.Hosting.Models;

/// <summary>The <c>progress</c> of /health while a model is being pulled or compiled.</summary>
/// <param name="Model">Its full id.</param>
/// <param name="Stage">Such as <c>listing</c>, <c>downloading</c>, <c>retrying</c>, <c>compiling</c>.</param>
/// <param name="File">The file that moved last.</param>
/// <param name="Bytes">Bytes of all files that are there.</param>
/// <param name="Size">Bytes of all files; 0 while unknown, and when it is being compiled.</param>
/// <param name="Fraction">0 to 1.</param>
/// <param name="Note">A line for a person when waiting or retrying.</param>
internal sealed record LoadStatus(string Model, string Stage, string? File, long Bytes, long Size, double Fraction, string? Note)
{
    /// <summary>What /health says when it has no other reason.</summary>
    [JsonIgnore]
    public string Reason => $"{Model} is being {(Stage == Compiling ? "compiled" : "pulled")}.";

    internal const string Compiling = "compiling";
}
