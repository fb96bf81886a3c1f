using System.Reflection;
using Microsoft.ML.OnnxRuntime;

namespace ActorEmbed.Inference.Devices;

/// <summary>ONNX Runtime's provider for NVIDIA's accelerators.</summary>
internal static class CudaProvider
{
    private const string Name = "CUDAExecutionProvider";

    // The first that the driver names; CUDA_VISIBLE_DEVICES chooses which that is.
    private const string FirstDevice = "0";

    /// <summary>Why this build does not have it, as the end of a sentence; null where it does.</summary>
    public static string? WhyNever() => OrtEnv.Instance().GetAvailableProviders().Contains(Name)
        ? null
        : $"this build of ActorEmbed does not run on NVIDIA's accelerators{Flavour()}";

    /// <summary>What it needs and this machine lacks, as the end of a sentence; null where nothing is known to be missing.</summary>
    public static string? WhatLacks() =>
        CudaLibrary.All.Where(library => library.IsRequired).FirstOrDefault(library => !library.TryLoad(out _)) is { } missing
            ? $"the library {missing.File} ({missing.Part}) is not on this machine; 'actorembed doctor' lists all that are needed"
            : CudaLibrary.Driver.TryLoad(out var driver) ? CudaDriver.Look(driver).WhyNot : null;

    /// <summary>The accelerator and its driver.</summary>
    public static string Identify() =>
        CudaLibrary.Driver.TryLoad(out var driver) ? $"{CudaDriver.Look(driver).Name}, CUDA {CudaLibrary.Driver.VersionOf(driver)}" : "";

    public static void Add(SessionOptions options)
    {
        using var cuda = new OrtCUDAProviderOptions();
        cuda.UpdateOptions(new Dictionary<string, string>
        {
            ["device_id"] = FirstDevice,
            // By doubling it would take up to twice what it needs of memory that it shares with others.
            ["arena_extend_strategy"] = "kSameAsRequested",
            // Single precision with 10 bits of mantissa is no single precision.
            ["use_tf32"] = "0",
        });
        options.AppendExecutionProvider_CUDA(cuda);
    }

    /// <summary>Which build would do.</summary>
    private static string Flavour() => (OperatingSystem.IsLinux(), OperatingSystem.IsWindows()) switch
    {
        (true, _) => Named("linux", "linux"),
        (_, true) => Named("win", "win32"),
        _ => ", and there is none for CUDA on this system",
    };

    private static string Named(string system, string npmSystem)
    {
        var version = typeof(CudaProvider).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
        return $"; take its cuda flavour (actorembed-{version}-{system}-x64-cuda, or npm's @actorembed/server-{npmSystem}-x64-cuda)";
    }
}
