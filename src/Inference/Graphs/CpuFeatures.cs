using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using ActorEmbed.Inference.Graphs.Pieces;

namespace ActorEmbed.Inference.Graphs;

/// <summary>What of the processor decides which kernels ONNX Runtime takes, and so which graph is best on it.</summary>
internal static class CpuFeatures
{
    /// <summary>Architecture and instruction sets, such as <c>x64-avx2-avx512-vnni</c>.</summary>
    public static string Name { get; } = string.Join('-', List());

    /// <summary>
    /// What weights of one sign may sum up to in a product of bytes: x64 kernels without dot-product instructions add in 16 bits
    /// (see <see cref="WeightSums"/>).
    /// </summary>
    public static int WeightSumLimit { get; } = X86Base.IsSupported && !HasVnni() ? WeightSums.In16Bits : WeightSums.In32Bits;

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
