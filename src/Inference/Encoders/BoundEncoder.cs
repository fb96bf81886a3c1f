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

    private readonly BoundSession _session;
    private readonly EncoderArchitecture _architecture;
    private readonly PackedInputs _inputs;
    private readonly Lock _turn = new();

    /// <param name="runtime">Runs the graph.</param>
    /// <param name="session">Over a compiled graph (<see cref="PackedGraph"/>) with its token table; disposed with the encoder.</param>
    /// <param name="architecture">The model's shape.</param>
    /// <param name="dimensions">Length of a text's vector.</param>
    public BoundEncoder(IDeviceRuntime runtime, InferenceSession session, EncoderArchitecture architecture, int dimensions)
    {
        _session = new BoundSession(runtime, session);
        _architecture = architecture;
        _inputs = new PackedInputs(architecture, tokenTable: null);
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
                _inputs.Fill(RunOf.Texts(run, texts), RunOf.Texts(run, unpooled), RunOf.Texts(run, types));
                var pooled = _session.Run(run.Length, _inputs.Tensor);
                for (var i = 0; i < run.Length; i++)
                    vectors[run[i]] = pooled[(i * Dimensions)..((i + 1) * Dimensions)];
            }
        }

        return vectors;
    }

    public void Dispose() => _session.Dispose();
}
