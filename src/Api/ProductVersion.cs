using System.Reflection;

namespace ActorEmbed.Api;

/// <summary>The version of this build, such as <c>1.0.0</c>.</summary>
internal static class ProductVersion
{
    public static string Value { get; } = typeof(ProductVersion).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
}
