using System.Runtime.InteropServices;

namespace ActorEmbed.Inference.Tests.Tokenization.Oracle;

/// <summary>A test that compares with the Rust tokenizers library, which is there for one kind of machine only.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OracleTheoryAttribute : TheoryAttribute
{
    public OracleTheoryAttribute()
    {
        if (!IsLinuxX64)
            Skip = "The Rust tokenizers library is there for Linux on x64 only.";
    }

    /// <summary>Whether that library is there.</summary>
    public static bool IsLinuxX64 => OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64
        && !RuntimeInformation.RuntimeIdentifier.Contains("musl", StringComparison.Ordinal);
}
