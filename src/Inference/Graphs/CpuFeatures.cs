using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace ActorEmbed.Inference.Graphs;

/// <summary>What of the processor decides which kernels ONNX Runtime takes, and so which graph is best on it.</summary>
internal static class CpuFeatures
{
    /// <summary>Architecture and instruction sets, such as <c>x64-avx2-avx512-vnni</c>.</summary>
    public static string Name { get; } = string.Join('-', List());

    /// <summary>
    /// Largest sum of the magnitudes of two weights that a product of bytes adds first: those of inputs 0 and 1, 2 and 3, and so on.
    /// Without dot-product instructions x64 kernels add them in 16 bits, where 255 * 128 is the most; elsewhere there is no limit but
    /// that of the bytes.
    /// </summary>
    public static int WeightPairLimit { get; } = X86Base.IsSupported && !HasVnni() ? short.MaxValue / byte.MaxValue : 2 * sbyte.MaxValue;

    private static IEnumerable<string> List()
    {
        yield return RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
        if (Avx2.IsSupported)
            yield return "avx2";
        if (Avx512BW.VL.IsSupported)
            yield return "avx512";
        if (X86Base.IsSupported && HasVnni())
            yield return "vnni";
        if (Dp.IsSupported)
            yield return "dotprod";
    }

    private static bool HasVnni()
    {
        // CPUID leaf 7: AVX512_VNNI is bit 11 of ECX in subleaf 0, AVX_VNNI bit 4 of EAX in subleaf 1.
        var (_, _, ecx, _) = X86Base.CpuId(7, 0);
        var (eax, _, _, _) = X86Base.CpuId(7, 1);
        return (Avx512BW.VL.IsSupported && (ecx & (1 << 11)) != 0) || (Avx2.IsSupported && (eax & (1 << 4)) != 0);
    }
}
