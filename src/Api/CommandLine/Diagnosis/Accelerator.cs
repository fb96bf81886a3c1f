using ActorEmbed.Inference;
using ActorEmbed.Inference.Devices;

namespace ActorEmbed.Api.CommandLine.Diagnosis;

/// <summary>What <c>doctor</c> says of the device that models would run on, and of what cuda needs.</summary>
internal static class Accelerator
{
    public static IEnumerable<Finding> Look(DeviceChoice choice) =>
        Judge(choice, DeviceCheck.IsInThisBuild, WhyNot(choice), DeviceCheck.FindAccelerator(), DeviceCheck.FindLibraries());

    /// <param name="choice">The device that the settings name.</param>
    /// <param name="isInBuild">Whether this build can do more than the processor.</param>
    /// <param name="whyNot">Why it is the processor; null where it is not.</param>
    /// <param name="accelerator">What there is in its place.</param>
    /// <param name="libraries">That cuda needs.</param>
    internal static IEnumerable<Finding> Judge(
        DeviceChoice choice, bool isInBuild, string? whyNot, string? accelerator, IReadOnlyList<DeviceLibrary> libraries)
    {
        yield return (choice, whyNot) switch
        {
            (DeviceChoice.Cpu, _) => new Finding("device", "cpu, as the settings say"),
            (_, null) => new Finding("device", $"cuda: {accelerator}"),
            (DeviceChoice.Auto, _) => new Finding("device", $"cpu: {whyNot}"),
            _ => new Finding("device", whyNot, "Provide what is missing, or take --device auto.", ExitCode.BadModel),
        };
        // On a machine that has nothing to do with it, a list of what is missing would only frighten.
        if (choice != DeviceChoice.Cuda && !isInBuild && !libraries.Any(library => library.IsThere))
            yield break;
        var missing = libraries.Where(library => !library.IsThere).ToList();
        var found = string.Join(", ", libraries.Select(library => $"{library.File} ({library.Part}) {Described(library)}"));
        yield return missing.Count == 0 || choice is DeviceChoice.Cpu or DeviceChoice.Mps
            ? new Finding("CUDA", found)
            : new Finding("CUDA", found, $"For cuda install {string.Join(", ", missing.Select(library => library.Part).Distinct())}, and see that the system finds the libraries (ldconfig or LD_LIBRARY_PATH; PATH on Windows).");
    }

    private static string Described(DeviceLibrary library) => library.IsThere
        ? library.Version?.ToString() ?? "found"
        : library.IsRequired ? "missing" : "missing, which only some operators need";

    private static string? WhyNot(DeviceChoice choice)
    {
        try
        {
            DeviceCheck.Require(choice);
            return DeviceCheck.WhyOnlyCpu();
        }
        catch (ModelLoadException e)
        {
            return e.Message;
        }
    }
}
