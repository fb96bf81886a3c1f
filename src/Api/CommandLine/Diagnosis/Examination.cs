using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using ActorEmbed.Api.Configuration;
using ActorEmbed.Api.Hosting.Failures;
using ActorEmbed.Api.Hosting.Models;
using ActorEmbed.Inference;
using ActorEmbed.Inference.Hub;
using ActorEmbed.Inference.Loading;
using Microsoft.ML.OnnxRuntime;

namespace ActorEmbed.Api.CommandLine.Diagnosis;

/// <summary>What <c>actorembed doctor</c> looks at. Each look is on its own: one that fails says so and stops no other.</summary>
internal static class Examination
{
    // The production model takes about 0.9 GB while it runs.
    private const long ComfortableMemoryBytes = 1_500_000_000;

    // The production model is 1.1 GB, and the hub's code keeps a little free.
    private const long ComfortableDiskBytes = 1_500_000_000;

    public static IEnumerable<Finding> Of(ServerOptions options)
    {
        yield return new Finding("version", $"actorembed {ProductVersion.Value}, .NET {Environment.Version}, {RuntimeInformation.RuntimeIdentifier}, {RuntimeInformation.OSDescription}");
        yield return Processor();
        // Before what needs it: a library of Windows that is too old ends this process without a word.
        if (OperatingSystem.IsWindows())
            yield return VisualCppRuntime.Look(Environment.SystemDirectory);
        yield return OnnxRuntime();
        foreach (var finding in Accelerator.Look(options.Device))
            yield return finding;
        yield return Memory();
        yield return Cache();
        foreach (var model in options.ServedModels)
            yield return Model(model);
        yield return Listen(options);
        yield return Key(options);
    }

    private static Finding Processor()
    {
        string[] features =
        [
            .. Avx2.IsSupported ? ["AVX2"] : Array.Empty<string>(),
            .. Avx512F.IsSupported ? ["AVX-512"] : Array.Empty<string>(),
            .. HasVnni() ? ["VNNI"] : Array.Empty<string>(),
            .. AdvSimd.IsSupported ? ["NEON"] : Array.Empty<string>(),
            .. Dp.IsSupported ? ["dot product"] : Array.Empty<string>(),
        ];
        var found = $"{Environment.ProcessorCount} cores, {(features.Length > 0 ? string.Join(", ", features) : "no vector instructions beyond the base set")}";
        return Avx2.IsSupported || AdvSimd.IsSupported
            ? new Finding("processor", found)
            : new Finding("processor", found, "Inference will be several times slower than on a processor with AVX2 or NEON; in a virtual machine, pass the host's processor through.");
    }

    /// <summary>Dot products of 8-bit numbers, which make int8 worth its while.</summary>
    private static bool HasVnni()
    {
        // Intel's manual, CPUID leaf 7: ECX bit 11 is AVX512_VNNI.
        const int extendedFeatures = 7;
        const int avx512Vnni = 1 << 11;
        return AvxVnni.IsSupported || (X86Base.IsSupported && (X86Base.CpuId(extendedFeatures, 0).Ecx & avx512Vnni) != 0);
    }

    private static Finding OnnxRuntime()
    {
        try
        {
            var clock = Stopwatch.StartNew();
            using var model = ModelLoader.Load(EmbeddedModel.Directory, new ModelOptions { Device = DeviceChoice.Cpu });
            model.Embed(["ready"]);
            return new Finding("ONNX Runtime", $"{OrtEnv.Instance().GetVersionString()}; the embedded model gives a vector after {clock.ElapsedMilliseconds} ms");
        }
        catch (Exception e) when (NativeLibraryFailure.IsIn(e))
        {
            return new Finding("ONNX Runtime", $"Its native library does not load: {NativeLibraryFailure.Cause(e)}", NativeLibraryFailure.Advice(), ExitCode.MissingRuntime);
        }
        catch (ModelLoadException e)
        {
            return new Finding("ONNX Runtime", e.Message, "The embedded model is damaged: install again.", ExitCode.BadModel);
        }
    }

    private static Finding Memory()
    {
        // Counts what a container is allowed.
        var info = GC.GetGCMemoryInfo();
        var free = Math.Max(0, info.TotalAvailableMemoryBytes - info.MemoryLoadBytes);
        var found = $"{ByteSize.Format(free)} free of {ByteSize.Format(info.TotalAvailableMemoryBytes)}";
        return free >= ComfortableMemoryBytes
            ? new Finding("memory", found)
            : new Finding("memory", found, $"{DefaultModel.Id} takes about 0.9 GB while it runs; the embedded model about 0.1 GB.");
    }

    private static Finding Cache()
    {
        try
        {
            var options = HubOptions.FromEnvironment(Environment.GetEnvironmentVariable);
            var existing = options.CacheDirectory;
            while (!Directory.Exists(existing) && Path.GetDirectoryName(existing) is { Length: > 0 } above)
                existing = above;
            var free = new DriveInfo(existing).AvailableFreeSpace;
            var found = $"{options.CacheDirectory}, {ByteSize.Format(free)} free{(options.IsOffline ? ", offline" : $", from {options.Endpoint}")}";
            return free >= ComfortableDiskBytes
                ? new Finding("model cache", found)
                : new Finding("model cache", found, "Too little for a large model: free space, or set HF_HUB_CACHE to another disk.");
        }
        catch (ModelPullException e)
        {
            return new Finding("model cache", e.Message, "Correct these variables of the environment.", ExitCode.BadOption);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return new Finding("model cache", e.Message, "Set HF_HUB_CACHE to a directory that this user may write.");
        }
    }

    private static Finding Model(ModelEntry entry)
    {
        try
        {
            var choice = ModelChoice.For(entry, Environment.GetEnvironmentVariable);
            if (choice.Directory is not null && ModelLoader.FindRejections(choice.Directory) is { Count: > 0 } rejections)
                return new Finding("model", $"{choice.Reason}; {string.Join("; ", rejections)}", "Another graph runs instead, slower or in another precision: see the log of the server's start.");
            return choice.Directory == EmbeddedModel.Directory && entry.Model is null
                ? new Finding("model", choice.Reason, $"For serious work: actorembed pull {DefaultModel.Id}")
                : new Finding("model", choice.Source is null ? choice.Reason : $"{choice.Reason}; {choice.Source}");
        }
        catch (Exception e) when (e is ModelLoadException or ModelPullException)
        {
            return new Finding("model", e.Message, "Correct --model (ACTOREMBED_MODEL); 'actorembed models' lists what is on the disk.", ExitCode.BadModel);
        }
    }

    private static Finding Listen(ServerOptions options)
    {
        if (options.Socket is not null)
            return new Finding("socket", options.Socket);
        var address = ListenAddress.Parse(options.Address) ?? IPAddress.Loopback;
        var place = string.Create(CultureInfo.InvariantCulture, $"port {options.Port} of {options.Address}");
        try
        {
            using var listener = new TcpListener(address, options.Port);
            listener.Start();
            return new Finding("port", $"{place} is free");
        }
        catch (SocketException e)
        {
            return new Finding(
                "port", $"{place}: {e.Message}",
                "If that is not this server already running, stop the other program or choose another port with --port.", ExitCode.CannotListen);
        }
    }

    private static Finding Key(ServerOptions options) => (options.ApiKey is not null, options.Socket is not null || ListenAddress.IsLoopback(options.Address)) switch
    {
        (true, _) => new Finding("access", "an API key is set"),
        (false, true) => new Finding("access", "this machine only, no API key"),
        (false, false) => new Finding("access", $"{options.Address}, no API key", "Whoever reaches this machine can use the server: set ACTOREMBED_API_KEY, or listen on localhost."),
    };
}
