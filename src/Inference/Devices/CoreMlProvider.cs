using System.Runtime.InteropServices;
using ActorEmbed.Inference.Graphs;
using Microsoft.ML.OnnxRuntime;

namespace ActorEmbed.Inference.Devices;

/// <summary>ONNX Runtime's provider for Apple's accelerators, which are the processor's neighbours and share its memory.</summary>
internal static class CoreMlProvider
{
    private const string Name = "CoreMLExecutionProvider";

    // What AppendExecutionProvider calls it.
    private const string ShortName = "CoreML";

    /// <summary>Why it never is on this system or in this build, as the end of a sentence; null where it may be.</summary>
    public static string? WhyNever()
    {
        if (!OperatingSystem.IsMacOS() || RuntimeInformation.ProcessArchitecture != Architecture.Arm64)
            return $"Apple's accelerators are used on macOS on Apple silicon, and this is {RuntimeInformation.RuntimeIdentifier}";
        return OrtEnv.Instance().GetAvailableProviders().Contains(Name) ? null : "the ONNX Runtime of this build has no CoreML provider";
    }

    /// <summary>The chip and the system: CoreML, its compiler and its drivers come with that.</summary>
    public static string Identify() => $"{AppleChip.Name}, macOS {Environment.OSVersion.Version}";

    /// <summary>
    /// Where CoreML keeps what it made of a graph for one shape, beside the graph; null where nothing can be written there: then it
    /// makes it again at every start.
    /// </summary>
    public static string? CacheOf(string graphPath, FixedShape? shape)
    {
        if (shape is null)
            return null;
        try
        {
            // One for each shape: the provider tells what it keeps apart by the graph, which is the same.
            return Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(graphPath)!, $"coreml-{shape}")).FullName;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <param name="options">Of the session.</param>
    /// <param name="cacheDirectory">Where to keep what is made of the graph; null for a temporary place.</param>
    public static void Add(SessionOptions options, string? cacheDirectory)
    {
        var settings = new Dictionary<string, string>
        {
            // The older format, which the provider takes otherwise, computes in half precision wherever it likes; here the types of
            // the graph hold.
            ["ModelFormat"] = "MLProgram",
            // Which of them is fastest depends on the shapes; CoreML knows its hardware.
            ["MLComputeUnits"] = "ALL",
            ["RequireStaticInputShapes"] = "1",
            // A sum of thousands of products needs more bits than half precision has.
            ["AllowLowPrecisionAccumulationOnGPU"] = "0",
        };
        if (cacheDirectory is not null)
            settings["ModelCacheDirectory"] = cacheDirectory;
        options.AppendExecutionProvider(ShortName, settings);
    }
}
