using ActorEmbed.Tests.RealModels;

namespace ActorEmbed.Inference.Tests.RealModels;

/// <summary>A test on real weights, whose packages a machine without a registry may lack. Where everything has to run, it fails then.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RealModelTheoryAttribute : TheoryAttribute
{
    // Set by every common service that runs tests.
    private const string ContinuousIntegration = "CI";

    public RealModelTheoryAttribute()
    {
        if (Environment.GetEnvironmentVariable(ContinuousIntegration) is null && RealModel.All.FirstOrDefault(model => !model.IsPresent) is { } absent)
            Skip = $"There is no {absent.PackagePath}: dotnet restore fetches it.";
    }
}
