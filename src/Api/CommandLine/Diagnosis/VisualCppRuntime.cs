using System.Diagnostics;
using ActorEmbed.Api.Hosting.Failures;

namespace ActorEmbed.Api.CommandLine.Diagnosis;

/// <summary>The libraries of Microsoft's C++ compiler, which ONNX Runtime needs on Windows and Windows does not bring.</summary>
internal static class VisualCppRuntime
{
    private const string Subject = "Visual C++";

    /// <summary>What <c>onnxruntime.dll</c> imports.</summary>
    internal static readonly string[] Libraries = ["msvcp140.dll", "msvcp140_1.dll", "vcruntime140.dll", "vcruntime140_1.dll"];

    /// <summary>A copy beside the executable comes before the system's.</summary>
    public static Finding Look(string systemDirectory) =>
        Judge(Libraries.Select(library => (library, VersionOf(AppContext.BaseDirectory, library) ?? VersionOf(systemDirectory, library))));

    internal static Finding Judge(IEnumerable<(string Library, Version? Version)> found)
    {
        var all = found.ToList();
        var missing = all.Where(one => one.Version is null).Select(one => one.Library).ToList();
        if (missing.Count > 0)
            return new Finding(Subject, $"{string.Join(", ", missing)} missing", NativeLibraryFailure.Advice(), ExitCode.MissingRuntime);
        var oldest = all.MinBy(one => one.Version);
        return oldest.Version < NativeLibraryFailure.LeastVisualCpp
            ? new Finding(Subject, $"{oldest.Library} {oldest.Version}, with which ONNX Runtime may crash", NativeLibraryFailure.Advice())
            : new Finding(Subject, $"runtime {oldest.Version}");
    }

    private static Version? VersionOf(string directory, string library)
    {
        var path = Path.Combine(directory, library);
        if (!File.Exists(path))
            return null;
        var version = FileVersionInfo.GetVersionInfo(path);
        return new Version(version.FileMajorPart, version.FileMinorPart, version.FileBuildPart, version.FilePrivatePart);
    }
}
