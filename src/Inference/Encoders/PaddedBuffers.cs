using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace ActorEmbed.Inference.Encoders;

/// <summary>Pinned memory for one run of a padded graph, reused from run to run and grown when a run needs more.</summary>
internal sealed class PaddedBuffers
{
    private long[] _ids = [];
    private long[] _mask = [];
    private long[] _types = [];
    private long[] _positions = [];
    private float[] _output = [];
    private Float16[] _halfOutput = [];

    /// <summary>[texts, longest] token ids, padded on the right.</summary>
    public Span<long> Ids => _ids;

    /// <summary>[texts, longest] 1 for a token, 0 for padding.</summary>
    public Span<long> Mask => _mask;

    /// <summary>[texts, longest] types of the tokens.</summary>
    public Span<long> Types => _types;

    /// <summary>[texts, longest] positions of the tokens.</summary>
    public Span<long> Positions => _positions;

    /// <summary>What the graph wrote, in single precision.</summary>
    /// <param name="output">Which output it was.</param>
    /// <param name="length">How many numbers.</param>
    public ReadOnlySpan<float> Read(PaddedOutput output, int length)
    {
        if (output.IsHalf)
            TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<Float16, Half>(_halfOutput.AsSpan(0, length)), _output.AsSpan(0, length));
        return _output.AsSpan(0, length);
    }

    /// <param name="paddedTokens">Texts times longest text.</param>
    /// <param name="output">Which output will be written.</param>
    /// <param name="numbers">How many numbers of it.</param>
    public void Reserve(int paddedTokens, PaddedOutput output, int numbers)
    {
        PinnedTensor.Grow(ref _ids, paddedTokens);
        PinnedTensor.Grow(ref _mask, paddedTokens);
        PinnedTensor.Grow(ref _types, paddedTokens);
        PinnedTensor.Grow(ref _positions, paddedTokens);
        PinnedTensor.Grow(ref _output, numbers);
        if (output.IsHalf)
            PinnedTensor.Grow(ref _halfOutput, numbers);
    }

    public OrtValue Input(string name, long[] shape) => PinnedTensor.Over(
        name switch
        {
            PaddedGraph.Ids => _ids,
            PaddedGraph.Mask => _mask,
            PaddedGraph.Positions => _positions,
            _ => _types,
        },
        shape);

    public OrtValue OutputTensor(PaddedOutput output, long[] shape) =>
        output.IsHalf ? PinnedTensor.Over(_halfOutput, shape) : PinnedTensor.Over(_output, shape);
}
