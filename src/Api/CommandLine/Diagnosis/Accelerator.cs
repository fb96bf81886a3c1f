using ActorEmbed.Inference;
using ActorEmbed.Inference.Devices;

namespace ActorEmbed.Api.CommandLine.Diagnosis;

/// <summary>What <c>doctor</c> says of the device that models would run on, and of what cuda needs.</summary>
internal static class Accelerator
{
    private const string Cuda = "cuda";

    public static IEnumerable<Finding> Look(DeviceChoice choice) => Judge(choice, DeviceCheck.Look(), DeviceCheck.FindLibraries());

    /// <param name="choice">The device that the settings name.</param>
    /// <param name="devices">What there is of each device.</param>
    /// <param name="libraries">That cuda needs.</param>
    internal static IEnumerable<Finding> Judge(DeviceChoice choice, IReadOnlyList<DeviceReport> devices, IReadOnlyList<DeviceLibrary> libraries)
    {
        yield return choice switch
        {
            DeviceChoice.Cpu => new Finding("device", "cpu, as the settings say"),
            DeviceChoice.Auto => Chosen(devices),
            _ => Named(devices.First(device => Enum.Parse<DeviceChoice>(device.Name, ignoreCase: true) == choice)),
        };
        var isInBuild = devices.Any(device => device is { Name: Cuda, IsPossible: true });
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

    private static Finding Chosen(IReadOnlyList<DeviceReport> devices)
    {
        if (devices.FirstOrDefault(device => device.WhyNot is null) is not { } found)
            return new Finding("device", $"cpu: {(devices.FirstOrDefault(device => device.IsPossible) ?? devices[0]).WhyNot}");
        return found.Name == Cuda
            ? new Finding("device", $"{found.Name}: {found.Identity}")
            : new Finding("device", $"cpu, or {found.Name} ({found.Identity}) for models that were compared there and were faster: a start with --device {found.Name} does that");
    }

    private static Finding Named(DeviceReport device) => device.WhyNot is null
        ? new Finding("device", $"{device.Name}: {device.Identity}")
        : new Finding("device", $"The device {device.Name} cannot be had: {device.WhyNot}.", "Provide what is missing, or take --device auto.", ExitCode.BadModel);
}
