using System.Text.Json;

namespace ActorEmbed.Inference.Weights;

/// <summary>The JSON header of a safetensors file, checked: every tensor inside the file, none over another.</summary>
internal static class SafetensorsHeader
{
    /// <summary>The format's own limit, against headers that exhaust memory.</summary>
    public const int MaxBytes = 100_000_000;

    private const string Metadata = "__metadata__";

    /// <param name="path">For messages.</param>
    /// <param name="header">The JSON text.</param>
    /// <param name="fileLength">Bytes of the whole file.</param>
    /// <exception cref="ModelLoadException">The header is damaged.</exception>
    public static Dictionary<string, WeightTensor> Parse(string path, ReadOnlyMemory<byte> header, long fileLength)
    {
        var dataStart = sizeof(ulong) + header.Length;
        var tensors = new Dictionary<string, WeightTensor>(StringComparer.Ordinal);
        try
        {
            using var document = JsonDocument.Parse(header);
            foreach (var entry in document.RootElement.EnumerateObject())
            {
                if (entry.Name == Metadata)
                    continue;
                if (!tensors.TryAdd(entry.Name, ParseTensor(path, entry, dataStart, fileLength)))
                    throw TensorFile.Damaged(path, $"tensor '{entry.Name}' is listed twice");
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or OverflowException)
        {
            throw TensorFile.Damaged(path, $"its header is not as the format wants it ({e.Message.TrimEnd('.')})");
        }

        RefuseOverlap(path, tensors.Values);
        return tensors;
    }

    private static WeightTensor ParseTensor(string path, JsonProperty entry, long dataStart, long fileLength)
    {
        var name = entry.Name;
        var type = entry.Value.GetProperty("dtype").GetString() ?? "";
        var shape = entry.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64()).ToArray();
        var offsets = entry.Value.GetProperty("data_offsets").EnumerateArray().Select(offset => offset.GetInt64()).ToArray();
        if (offsets is not [var begin, var end] || begin < 0 || end < begin || end > fileLength - dataStart)
            throw TensorFile.Damaged(path, $"tensor '{name}' lies at bytes {string.Join("..", offsets)} of {fileLength - dataStart}");

        var tensor = new WeightTensor(
            path,
            name,
            type switch
            {
                "F32" => WeightType.F32,
                "F16" => WeightType.F16,
                "BF16" => WeightType.BF16,
                "I64" => WeightType.I64,
                _ => WeightType.Other,
            },
            shape,
            dataStart + begin,
            end - begin);
        if (shape.Any(size => size < 0))
            throw TensorFile.Damaged(path, $"tensor '{name}' has the shape [{string.Join(", ", shape)}]");

        var expected = shape.Aggregate(tensor.Type.ElementBytes(), (product, size) => checked(product * size));
        return tensor.Type == WeightType.Other || expected == tensor.Length
            ? tensor
            : throw TensorFile.Damaged(path, $"tensor '{name}' of shape [{string.Join(", ", shape)}] ({type}) has {tensor.Length} bytes, not {expected}");
    }

    private static void RefuseOverlap(string path, IEnumerable<WeightTensor> tensors)
    {
        WeightTensor? previous = null;
        foreach (var tensor in tensors.Where(tensor => tensor.Length > 0).OrderBy(tensor => tensor.Offset))
        {
            if (previous is not null && tensor.Offset < previous.Offset + previous.Length)
                throw TensorFile.Damaged(path, $"tensors '{previous.Name}' and '{tensor.Name}' overlap");
            previous = tensor;
        }
    }
}
