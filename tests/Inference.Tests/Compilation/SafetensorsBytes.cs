using System.Text.Json;

namespace ActorEmbed.Inference.Tests.Compilation;

/// <summary>Writes safetensors files, whole and damaged ones.</summary>
internal static class SafetensorsBytes
{
    public static void Write(string path, IEnumerable<(string Name, string Dtype, int[] Shape, byte[] Data)> tensors)
    {
        var header = new Dictionary<string, object> { ["__metadata__"] = new { format = "pt" } };
        using var data = new MemoryStream();
        foreach (var (name, dtype, shape, bytes) in tensors)
        {
            header[name] = new { dtype, shape, data_offsets = new[] { data.Position, data.Position + bytes.Length } };
            data.Write(bytes);
        }

        Write(path, JsonSerializer.Serialize(header), data.ToArray());
    }

    public static void Write(string path, string header, byte[] data)
    {
        var json = System.Text.Encoding.UTF8.GetBytes(header);
        File.WriteAllBytes(path, [.. BitConverter.GetBytes((ulong)json.Length), .. json, .. data]);
    }
}
