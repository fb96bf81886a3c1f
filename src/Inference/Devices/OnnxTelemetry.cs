using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ActorEmbed.Inference.Devices;

/// <summary>
/// Keeps ONNX Runtime from sending what it calls usage events to its maker, and from writing a device id below the home
/// directory, which it does by default since version 1.29.
/// </summary>
internal static partial class OnnxTelemetry
{
    /// <summary>Read by the native library when it is first used.</summary>
    public const string Variable = "ORT_DISABLE_TELEMETRY";

    private const string Disabled = "1";

    /// <summary>
    /// Runs before anything else in this assembly, whatever its host uses first. Who has set the variable otherwise,
    /// has decided for himself.
    /// </summary>
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "The native library may be used through any type of this assembly.")]
    internal static void Disable()
    {
        var value = Environment.GetEnvironmentVariable(Variable) ?? Disabled;
        // For child processes, and on Windows for the native library too.
        Environment.SetEnvironmentVariable(Variable, value);
        // On Unix .NET keeps a copy of the environment, of which native code sees nothing.
        if (!OperatingSystem.IsWindows())
            _ = SetNative(Variable, value, overwrite: 1);
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetNative(string name, string value, int overwrite);
}
