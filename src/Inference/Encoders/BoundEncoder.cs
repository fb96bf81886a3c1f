using ActorEmbed.Inference.Devices;
using ActorEmbed.Inference.Graphs;
using Microsoft.ML.OnnxRuntime;

namespace ActorEmbed.Inference.Encoders;

/// <summary>
/// Runs a compiled graph that holds everything but the texts (<see cref="Graphs.Onnx.DeviceForm"/>) on a device of its own memory:
/// ids and places go there, vectors come back. Texts of like length share a run, which is as large as such a device wants it; the
/// last bits of a vector may depend on what shares its run.
/// </summary>
internal sealed class BoundEncoder : ITextEncoder
{
    /// <summary>
    /// Padded tokens of one run. With fewer than about 8,000 the products of a base-sized model do not fill a data-centre
    /// accelerator; a text of 8,192 tokens is the longest that any known model takes.
    /// </summary>
    public const int MaxPaddedTokens = 8192;

    private readonly IDeviceRuntime _runtime;
    private readonly InferenceSession _session;
    private readonly EncoderArchitecture _architecture;
    private readonly PackedInputs _inputs;
    private readonly RunOptions _runOptions = new();
    private readonly Lock _turn = new();
    private readonly string[] _inputNames;

    /// <param name="runtime">Runs the graph.</param>
    /// <param name="session">Over a compiled graph (<see cref="PackedGraph"/>) with its token table; disposed with the encoder.</param>
    /// <param name="architecture">The model's shape.</param>
    /// <param name="dimensions">Length of a text's vector.</param>
    public BoundEncoder(IDeviceRuntime runtime, InferenceSession session, EncoderArchitecture architecture, int dimensions)
    {
        _runtime = runtime;
        _session = session;
        _architecture = architecture;
        _inputs = new PackedInputs(architecture, tokenTable: null);
        _inputNames = [.. session.InputMetadata.Keys];
        Dimensions = dimensions;
    }

    public int Dimensions { get; }

    public float[][] Encode(ReadOnlySpan<int[]> texts, ReadOnlySpan<int> unpooled = default, ReadOnlySpan<int[]?> types = default)
    {
        var lengths = new int[texts.Length];
        for (var i = 0; i < lengths.Length; i++)
            lengths[i] = texts[i].Length;

        var vectors = new float[texts.Length][];
        lock (_turn)
        {
            foreach (var run in MicroBatches.Cut(lengths, MaxPaddedTokens, _architecture.LongTexts.LongerThan))
            {
                _inputs.Fill(Of(run, texts), Of(run, unpooled), Of(run, types));
                Run(run, vectors);
            }
        }

        return vectors;
    }

    public void Dispose()
    {
        _runOptions.Dispose();
        _session.Dispose();
    }

    private void Run(int[] run, float[][] vectors)
    {
        var tensors = Array.ConvertAll(_inputNames, _inputs.Tensor);
        try
        {
            // Binding an input copies it to the device, an output from there once the run is over.
            using var binding = _session.CreateIoBinding();
            for (var i = 0; i < tensors.Length; i++)
                binding.BindInput(_inputNames[i], tensors[i]);
            binding.BindOutputToDevice(PackedGraph.Vectors, OrtMemoryInfo.DefaultInstance);
            _runtime.Run(_session, _runOptions, binding);
            using var outputs = binding.GetOutputValues();
            var pooled = outputs[0].GetTensorDataAsSpan<float>();
            for (var i = 0; i < run.Length; i++)
                vectors[run[i]] = pooled.Slice(i * Dimensions, Dimensions).ToArray();
        }
        catch (OnnxRuntimeException e)
        {
            throw new InferenceException($"The device failed on {run.Length} texts: {e.Message.ReplaceLineEndings(" ")}", e);
        }
        finally
        {
            foreach (var tensor in tensors)
                tensor.Dispose();
        }
    }

    /// <summary>What belongs to the texts of a run; nothing where nothing was said of any text.</summary>
    private static T[] Of<T>(int[] run, ReadOnlySpan<T> all)
    {
        if (all.IsEmpty)
            return [];
        var own = new T[run.Length];
        for (var i = 0; i < run.Length; i++)
            own[i] = all[run[i]];
        return own;
    }
}
