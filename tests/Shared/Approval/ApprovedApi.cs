using System.Reflection;
using PublicApiGenerator;

namespace ActorEmbed.Tests.Shared.Approval;

/// <summary>What hosts compile against, as <c>PublicApi.txt</c> of each library has it.</summary>
public static class ApprovedApi
{
    private static readonly ApiGeneratorOptions Plain = new() { IncludeAssemblyAttributes = false };

    /// <summary>
    /// Null where the public API is the approved one; else which file to copy over the approved one, if the change is meant and
    /// told in the changelog.
    /// </summary>
    /// <param name="project">Folder of the library in src.</param>
    /// <param name="library">The library.</param>
    public static string? DifferenceOf(string project, Assembly library)
    {
        var actual = library.GeneratePublicApi(Plain).ReplaceLineEndings("\n").TrimEnd() + "\n";
        var approved = Path.Combine(AppContext.BaseDirectory, "public-api", $"{project}.txt");
        if (File.Exists(approved) && File.ReadAllText(approved).ReplaceLineEndings("\n") == actual)
            return null;
        var received = Path.Combine(AppContext.BaseDirectory, "public-api", $"{project}.received.txt");
        Directory.CreateDirectory(Path.GetDirectoryName(received)!);
        File.WriteAllText(received, actual);
        return $"The public API of {project} is not that of src/{project}/PublicApi.txt; it is now {received}.";
    }
}
