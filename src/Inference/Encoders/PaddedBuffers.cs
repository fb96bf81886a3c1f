using Microsoft.ML.OnnxRuntime;

namespace ActorEmbed.Inference.Encoders;

/// <summary>Pinned memory for one run of a padded graph, reused from run to run and grown when a run needs more.</summary>
internal sealed class PaddedBuffers
{
    private static readonly OrtMemoryInfo Cpu = OrtMemoryInfo.DefaultInstance;

    private long[] _ids = [];
    private long[] _mask = [];
    private long[] _types = [];
    private float[] _output = [];

    /// <summary>[texts, longest] token ids, padded on the right.</summary>
    public Span<long> Ids => _ids;

    /// <summary>[texts, longest] 1 for a token, 0 for padding.</summary>
    public Span<long> Mask => _mask;

    /// <summary>[texts, longest, dimensions] what the graph wrote.</summary>
    public ReadOnlySpan<float> Output => _output;

    public void Reserve(int paddedTokens, int dimensions)
    {
        Grow(ref _ids, paddedTokens);
        Grow(ref _mask, paddedTokens);
        Grow(ref _types, paddedTokens);
        Grow(ref _output, checked(paddedTokens * dimensions));
    }

    public OrtValue Input(string name, long[] shape) => Tensor(
        name switch
        {
            PaddedEncoder.IdsName => _ids,
            PaddedEncoder.MaskName => _mask,
            // Single sentences are all of type 0, which the array is and stays.
            _ => _types,
        },
        shape);

    public OrtValue OutputTensor(long[] shape) => Tensor(_output, shape);

    private static OrtValue Tensor<T>(T[] buffer, long[] shape) where T : unmanaged
    {
        var length = shape.Aggregate(1L, (product, size) => product * size);
        return OrtValue.CreateTensorValueFromMemory(Cpu, buffer.AsMemory(0, checked((int)length)), shape);
    }

    private static void Grow<T>(ref T[] buffer, int length)
    {
        if (buffer.Length < length)
            buffer = GC.AllocateArray<T>(length, pinned: true);
    }
}
