using System.Runtime.InteropServices;

namespace ActorEmbed.Inference.Devices;

/// <summary>Asks the libraries of CUDA for their versions.</summary>
internal static unsafe class CudaVersions
{
    // How CUDA packs a version into a number: 13010 is 13.1.
    private const int CudaMajor = 1000;
    private const int CudaMinor = 10;

    // cuDNN 9 and cuBLASLt since 12: 90501 is 9.5.1.
    private const int LibraryMajor = 10_000;
    private const int LibraryMinor = 100;

    /// <summary>Of CUDA that the driver can do.</summary>
    public static Version? OfDriver(nint library) => Asked(library, "cuDriverGetVersion");

    public static Version? OfRuntime(nint library) => Asked(library, "cudaRuntimeGetVersion");

    public static Version? OfCublasLt(nint library) => Told(library, "cublasLtGetVersion");

    public static Version? OfCudnn(nint library) => Told(library, "cudnnGetVersion");

    /// <summary>The file's name says enough.</summary>
    public static Version? Unknown(nint library) => null;

    private static Version? Asked(nint library, string function)
    {
        if (!NativeLibrary.TryGetExport(library, function, out var address))
            return null;
        int number;
        return ((delegate* unmanaged<int*, int>)address)(&number) == 0
            ? new Version(number / CudaMajor, number % CudaMajor / CudaMinor)
            : null;
    }

    private static Version? Told(nint library, string function)
    {
        if (!NativeLibrary.TryGetExport(library, function, out var address))
            return null;
        var number = (int)((delegate* unmanaged<nuint>)address)();
        return new Version(number / LibraryMajor, number % LibraryMajor / LibraryMinor, number % LibraryMinor);
    }
}
