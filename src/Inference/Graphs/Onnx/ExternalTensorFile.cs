using System.Globalization;

namespace ActorEmbed.Inference.Graphs.Onnx;

/// <summary>Writes the large tensors of a graph to a file beside it, from where they are memory-mapped.</summary>
/// <param name="path">The file.</param>
/// <param name="outlivesProcess">Whether anybody will read it later.</param>
internal sealed class ExternalTensorFile(string path, bool outlivesProcess = true) : IDisposable
{
    // A page: what is mapped must begin on one.
    private const int Alignment = 4096;

    private readonly FileStream _stream = new(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 1 << 16);

    public void Append(TensorProto tensor, ReadOnlySpan<byte> data)
    {
        var padding = (Alignment - _stream.Position % Alignment) % Alignment;
        _stream.Write(new byte[padding]);
        tensor.DataLocation = TensorProto.Types.DataLocation.External;
        Describe(tensor, "location", Path.GetFileName(path));
        Describe(tensor, "offset", _stream.Position.ToString(CultureInfo.InvariantCulture));
        Describe(tensor, "length", data.Length.ToString(CultureInfo.InvariantCulture));
        _stream.Write(data);
    }

    public void Dispose()
    {
        // On disk before the directory is renamed into place: a power cut must not leave a name without its bytes.
        _stream.Flush(flushToDisk: outlivesProcess);
        _stream.Dispose();
    }

    private static void Describe(TensorProto tensor, string key, string value) =>
        tensor.ExternalData.Add(new StringStringEntryProto { Key = key, Value = value });
}
