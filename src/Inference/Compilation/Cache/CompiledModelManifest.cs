using System.Text.Json;
using ActorEmbed.Inference.Files;

namespace ActorEmbed.Inference.Compilation.Cache;

/// <summary>What lies beside a compiled model to check it by; written last.</summary>
/// <param name="Key">What the model was built from, for people who look into the cache.</param>
/// <param name="Files">Checksum of each file, by name.</param>
internal sealed record CompiledModelManifest(CompiledModelKey Key, IReadOnlyDictionary<string, string> Files)
{
    private static readonly string[] FileNames = [CompiledModelFiles.Graph, CompiledModelFiles.Weights];
    private static readonly JsonSerializerOptions Format = new() { WriteIndented = true };

    /// <summary>Writes the manifest of a directory whose other files are complete.</summary>
    public static void Write(string directory, CompiledModelKey key)
    {
        var files = FileNames.ToDictionary(name => name, name => FileChecksum.Compute(Path.Combine(directory, name)));
        using var stream = File.Create(Path.Combine(directory, CompiledModelFiles.Manifest));
        JsonSerializer.Serialize(stream, new CompiledModelManifest(key, files), Format);
        stream.Flush(flushToDisk: true);
    }

    /// <returns>What is wrong with the directory, or null.</returns>
    public static string? FindDamage(string directory)
    {
        try
        {
            using var manifest = JsonDocument.Parse(ModelFile.ReadAllBytes(Path.Combine(directory, CompiledModelFiles.Manifest)));
            var files = manifest.RootElement.GetProperty(nameof(Files));
            foreach (var name in FileNames)
            {
                if (files.GetProperty(name).GetString() != FileChecksum.Compute(Path.Combine(directory, name)))
                    return $"{name} is not as it was written";
            }

            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException
            or KeyNotFoundException or InvalidOperationException)
        {
            return e.Message;
        }
    }
}
