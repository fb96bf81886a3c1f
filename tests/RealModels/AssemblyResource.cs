using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace ActorEmbed.Tests.RealModels;

/// <summary>Resources of an assembly that is not loaded: what it refers to need not be there.</summary>
internal static class AssemblyResource
{
    /// <summary>Writes one resource to a file.</summary>
    /// <param name="assembly">Path of the assembly.</param>
    /// <param name="name">The resource's name in it.</param>
    /// <param name="target">Path of the file.</param>
    public static unsafe void CopyTo(string assembly, string name, string target)
    {
        using var stream = File.OpenRead(assembly);
        using var image = new PEReader(stream);
        var metadata = image.GetMetadataReader();
        var resource = metadata.ManifestResources.Select(metadata.GetManifestResource).Single(resource => metadata.GetString(resource.Name) == name);
        var resources = image.GetSectionData(image.PEHeaders.CorHeader!.ResourcesDirectory.RelativeVirtualAddress);
        var reader = resources.GetReader(checked((int)resource.Offset), resources.Length - checked((int)resource.Offset));
        // A resource begins with its length.
        var length = reader.ReadInt32();
        using var file = File.Create(target);
        file.Write(new ReadOnlySpan<byte>(reader.CurrentPointer, length));
    }
}
