using System.Globalization;
using System.Runtime.InteropServices;
using ActorEmbed.Inference.Graphs.Onnx;
using ActorEmbed.Inference.Weights;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace ActorEmbed.Inference.Encoders;

/// <summary>The external tensors of a graph, mapped once for all sessions over it.</summary>
internal sealed unsafe partial class MappedWeights : IDisposable
{
    // Value of MADV_DONTNEED on Linux and macOS.
    private const int DoNotNeed = 4;

    // Some 100 MB are packed meanwhile, and pages that are still being read are found again without the disk.
    private static readonly TimeSpan ReleaseInterval = TimeSpan.FromMilliseconds(50);

    private readonly string _path;
    private readonly MappedFile _file;
    private readonly List<KeyValuePair<string, OrtValue>> _tensors = [];
    private readonly Lock _mapping = new();
    private bool _isDisposed;

    /// <param name="path">The file that the external tensors name.</param>
    /// <param name="graph">Whose tensors to map.</param>
    /// <exception cref="InvalidDataException">A tensor lies outside the file, or does not say where it lies.</exception>
    public MappedWeights(string path, GraphProto graph)
    {
        _path = path;
        _file = new MappedFile(path);
        try
        {
            foreach (var tensor in graph.Initializer)
            {
                if (tensor.DataLocation == TensorProto.Types.DataLocation.External)
                    _tensors.Add(new(tensor.Name, Map(tensor)));
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public void AddTo(SessionOptions options)
    {
        foreach (var (name, value) in _tensors)
            options.AddInitializer(name, value);
    }

    /// <summary>Looks whether the file is still what was mapped.</summary>
    /// <exception cref="InferenceException">It was written or cut.</exception>
    public void CheckFile()
    {
        if (!_file.IsUnchanged)
            throw new InferenceException($"{_path} was changed while the model was loaded: it has to be loaded again.");
    }

    /// <summary>
    /// Takes the pages out of resident memory once the sessions hold their own packed form. A kernel that does read
    /// them finds them again through the mapping.
    /// </summary>
    public void ReleasePages()
    {
        if (OperatingSystem.IsWindows())
            return;
        lock (_mapping)
        {
            // Something else may be mapped there now.
            if (!_isDisposed)
                _ = Advise(_file.Start, (nuint)_file.Length, DoNotNeed);
        }
    }

    /// <summary>
    /// Does so again and again, until what it gives is disposed: while a session packs one tensor after the other, they are
    /// not in memory twice.
    /// </summary>
    public IDisposable ReleasePagesMeanwhile() => new Timer(_ => ReleasePages(), null, ReleaseInterval, ReleaseInterval);

    public void Dispose()
    {
        lock (_mapping)
            _isDisposed = true;
        foreach (var (_, value) in _tensors)
            value.Dispose();
        _file.Dispose();
    }

    private OrtValue Map(TensorProto tensor)
    {
        var offset = Number(tensor, "offset");
        var length = Number(tensor, "length");
        if (offset < 0 || length < 0 || offset > _file.Length - length)
            throw new InvalidDataException($"Tensor '{tensor.Name}' lies outside its file.");
        return OrtValue.CreateTensorValueWithData(
            OrtMemoryInfo.DefaultInstance, (TensorElementType)tensor.DataType, [.. tensor.Dims], (nint)(_file.Start + offset), length);
    }

    private static long Number(TensorProto tensor, string key) =>
        long.TryParse(
            tensor.ExternalData.FirstOrDefault(entry => entry.Key == key)?.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new InvalidDataException($"Tensor '{tensor.Name}' does not say its {key}.");

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* address, nuint length, int advice);
}
