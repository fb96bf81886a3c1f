using System.Runtime.InteropServices;

namespace ActorEmbed.Inference.Devices;

/// <summary>A library that ONNX Runtime's provider for CUDA loads.</summary>
/// <param name="Linux">Its file on Linux, with the version of its interface.</param>
/// <param name="Windows">Its file on Windows; null where the provider has it inside there.</param>
/// <param name="Part">What it belongs to: the driver, CUDA or cuDNN.</param>
/// <param name="IsRequired">Whether the provider does not load without it; the others are loaded by operators that need them.</param>
/// <param name="VersionOf">Asks the loaded library for its version.</param>
internal sealed record CudaLibrary(string Linux, string? Windows, string Part, bool IsRequired, Func<nint, Version?> VersionOf)
{
    // The interfaces that the provider of ONNX Runtime 1.31 names: CUDA 13 and cuDNN 9.
    private static readonly CudaLibrary[] Every =
    [
        new(CudaDriver.Linux, CudaDriver.Windows, "driver", true, CudaVersions.OfDriver),
        new("libcudart.so.13", null, "CUDA 13", true, CudaVersions.OfRuntime),
        new("libcublasLt.so.13", "cublasLt64_13.dll", "CUDA 13", true, CudaVersions.OfCublasLt),
        new("libcublas.so.13", "cublas64_13.dll", "CUDA 13", true, CudaVersions.Unknown),
        new("libcurand.so.10", null, "CUDA 13", true, CudaVersions.Unknown),
        new("libcufft.so.12", "cufft64_12.dll", "CUDA 13", false, CudaVersions.Unknown),
        new("libcudnn.so.9", "cudnn64_9.dll", "cuDNN 9", false, CudaVersions.OfCudnn),
    ];

    /// <summary>NVIDIA's driver, without which there is no accelerator.</summary>
    public static CudaLibrary Driver => Every[0];

    /// <summary>Those of this system.</summary>
    public static IEnumerable<CudaLibrary> All => Every.Where(library => library.File is not null);

    /// <summary>Its file on this system.</summary>
    public string? File => OperatingSystem.IsWindows() ? Windows : Linux;

    /// <summary>Loads it as the provider will.</summary>
    public bool TryLoad(out nint handle) => NativeLibrary.TryLoad(File!, out handle);
}
