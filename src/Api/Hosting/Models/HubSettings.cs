using ActorEmbed.Inference.Hub;

namespace ActorEmbed.Api.Hosting.Models;

/// <summary>Where models are pulled from while the server runs: read when it is needed, as by the command <c>pull</c>.</summary>
/// <param name="getEnvironmentVariable">For the settings of the hub.</param>
internal sealed class HubSettings(Func<string, string?> getEnvironmentVariable)
{
    /// <exception cref="ModelPullException">They are wrong.</exception>
    public HubOptions Read() => HubOptions.FromEnvironment(getEnvironmentVariable);
}
