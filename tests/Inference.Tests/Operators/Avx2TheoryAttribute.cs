using System.Runtime.Intrinsics.X86;

namespace ActorEmbed.Inference.Tests.Operators;

/// <summary>A test of what is written in instructions that not every processor has.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class Avx2TheoryAttribute : TheoryAttribute
{
    public Avx2TheoryAttribute()
    {
        if (!Avx2.IsSupported)
            Skip = "This processor has no AVX2, and is not given the operator.";
    }
}
