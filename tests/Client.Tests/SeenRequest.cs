using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace ActorEmbed.Client.Tests;

/// <summary>One request as a scripted server saw it.</summary>
internal sealed record SeenRequest(string Method, string Path, IHeaderDictionary Headers, string Body)
{
    public string[] Texts => [.. JsonSerializer.Deserialize<JsonElement>(Body).GetProperty("texts").EnumerateArray().Select(text => text.GetString()!)];
}
