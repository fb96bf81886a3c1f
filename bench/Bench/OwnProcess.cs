using System.Diagnostics;

namespace ActorEmbed.Bench;

/// <summary>This program, called again with other arguments.</summary>
internal static class OwnProcess
{
    /// <summary>Starts it, by its executable or by dotnet as it was itself; what it prints is to be read.</summary>
    public static Process Start(params string[] arguments)
    {
        var executable = Environment.ProcessPath!;
        var isDotnet = Path.GetFileNameWithoutExtension(executable) == "dotnet";
        return Process.Start(new ProcessStartInfo(executable, isDotnet ? [typeof(OwnProcess).Assembly.Location, .. arguments] : arguments)
        {
            RedirectStandardOutput = true,
        })!;
    }
}
