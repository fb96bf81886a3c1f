using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace ActorEmbed.Inference.Devices;

/// <summary>NVIDIA's driver, asked by its own interface: which accelerators there are.</summary>
internal static unsafe class CudaDriver
{
    public const string Linux = "libcuda.so.1";
    public const string Windows = "nvcuda.dll";

    private const int Success = 0;

    // CUDA_ERROR_NO_DEVICE.
    private const int NoDevice = 100;

    private const int MaxNameBytes = 256;

    /// <summary>Why no accelerator can be used, as the end of a sentence, or null; and the name of the first.</summary>
    public static (string? WhyNot, string Name) Look(nint library)
    {
        if (!NativeLibrary.TryGetExport(library, "cuInit", out var initialize)
            || !NativeLibrary.TryGetExport(library, "cuDeviceGetCount", out var count)
            || !NativeLibrary.TryGetExport(library, "cuDeviceGet", out var get)
            || !NativeLibrary.TryGetExport(library, "cuDeviceGetName", out var name))
            return ("NVIDIA's driver lacks functions that every version has: install it again", "");

        var devices = 0;
        var error = ((delegate* unmanaged<uint, int>)initialize)(0);
        if (error == Success)
            error = ((delegate* unmanaged<int*, int>)count)(&devices);
        if (error == NoDevice || (error == Success && devices == 0))
            return ("NVIDIA's driver finds no accelerator", "");
        if (error != Success)
            return (string.Create(CultureInfo.InvariantCulture, $"NVIDIA's driver does not start (error {error}): do its two halves, in the kernel and in this system, have one version?"), "");

        int device;
        var bytes = stackalloc byte[MaxNameBytes];
        return ((delegate* unmanaged<int*, int, int>)get)(&device, 0) == Success
               && ((delegate* unmanaged<byte*, int, int, int>)name)(bytes, MaxNameBytes, device) == Success
            ? (null, Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(bytes)))
            : ("NVIDIA's driver does not tell of its first accelerator", "");
    }
}
