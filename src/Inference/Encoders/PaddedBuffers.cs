using Microsoft.ML.OnnxRuntime;

namespace ActorEmbed.Inference.Encoders;

/// <summary>Pinned memory for one run of a padded graph, reused from run to run and grown when a run needs more.</summary>
internal sealed class PaddedBuffers
{
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
        PinnedTensor.Grow(ref _ids, paddedTokens);
        PinnedTensor.Grow(ref _mask, paddedTokens);
        PinnedTensor.Grow(ref _types, paddedTokens);
        PinnedTensor.Grow(ref _output, checked(paddedTokens * dimensions));
    }

    public OrtValue Input(string name, long[] shape) => PinnedTensor.Over(
        name switch
        {
            PaddedEncoder.IdsName => _ids,
            PaddedEncoder.MaskName => _mask,
            // Single sentences are all of type 0, which the array is and stays.
            _ => _types,
        },
        shape);

    public OrtValue OutputTensor(long[] shape) => PinnedTensor.Over(_output, shape);
}
