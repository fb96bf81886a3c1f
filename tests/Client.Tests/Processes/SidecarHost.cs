using System.Text.Json;

namespace ActorEmbed.Client.Tests.Processes;

/// <summary>A host application that starts a server, says where it is, and ends in the way it is told.</summary>
internal static class SidecarHost
{
    public static async Task<int> RunAsync(string executable, string[] arguments)
    {
        var options = new ActorEmbedSidecarOptions { ExecutablePath = executable, Port = 0 };
        foreach (var argument in arguments)
            options.Arguments.Add(argument);
        // Not disposed: what becomes of the server then is what the tests are about.
        var sidecar = new ActorEmbedSidecar(options);
        await sidecar.StartAsync();
        Console.WriteLine(JsonSerializer.Serialize(sidecar.GetStatus()));
        return await Console.In.ReadLineAsync() switch
        {
            "throw" => throw new InvalidOperationException("as told"),
            _ => 0,
        };
    }
}
