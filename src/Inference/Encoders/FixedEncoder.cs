using ActorEmbed.Inference.Devices;
using ActorEmbed.Inference.Graphs;

namespace ActorEmbed.Inference.Encoders;

/// <summary>
/// Runs a compiled graph on a device that wants fixed shapes: texts are padded to one of a few lengths, and share a run with others
/// of it or have one alone (<see cref="FixedRuns"/>). A session is opened when its shape is first needed.
/// </summary>
internal sealed class FixedEncoder : ITextEncoder
{
    private readonly DeviceTarget _device;
    private readonly string _graphPath;
    private readonly EncoderArchitecture _architecture;
    private readonly PackedTokenTable _tokenTable;
    private readonly FixedRuns _runs;
    private readonly Dictionary<FixedShape, FixedSession> _sessions = [];
    private readonly Lock _turn = new();

    /// <param name="device">Where it runs.</param>
    /// <param name="graphPath">A compiled graph for fixed shapes.</param>
    /// <param name="architecture">The model's shape.</param>
    /// <param name="tokenTable">Of the same model; disposed with the encoder.</param>
    /// <param name="dimensions">Length of a text's vector.</param>
    /// <exception cref="InferenceException">The device has no memory for it, or is gone.</exception>
    public FixedEncoder(DeviceTarget device, string graphPath, EncoderArchitecture architecture, PackedTokenTable tokenTable, int dimensions)
    {
        _device = device;
        _graphPath = graphPath;
        _architecture = architecture;
        _tokenTable = tokenTable;
        _runs = new FixedRuns(Math.Min(architecture.MaxTokens, architecture.LongTexts.LongerThan));
        Dimensions = dimensions;
        // A lone short text: what is asked for first, and proof that the device takes the graph.
        Session(_runs.ShapeOf(1));
    }

    public int Dimensions { get; }

    /// <summary>Tokens of the longest text that it takes.</summary>
    public int Longest => _runs.Longest;

    public float[][] Encode(ReadOnlySpan<int[]> texts, ReadOnlySpan<int> unpooled = default, ReadOnlySpan<int[]?> types = default)
    {
        var lengths = new int[texts.Length];
        for (var i = 0; i < lengths.Length; i++)
        {
            lengths[i] = texts[i].Length;
            if (lengths[i] < 1 || lengths[i] > Longest)
                throw new InferenceException($"A text of {lengths[i]} tokens; on {_device.Device.Name()} the model takes 1 to {Longest}.");
        }

        var vectors = new float[texts.Length][];
        lock (_turn)
        {
            foreach (var (shape, run) in _runs.Cut(lengths))
            {
                var (session, inputs) = Session(shape);
                inputs.Fill(RunOf.Texts(run, texts), RunOf.Texts(run, unpooled), RunOf.Texts(run, types));
                var pooled = session.Run(run.Length, inputs.Tensor);
                for (var i = 0; i < run.Length; i++)
                    vectors[run[i]] = pooled[(i * Dimensions)..((i + 1) * Dimensions)];
            }
        }

        return vectors;
    }

    public void Dispose()
    {
        foreach (var session in _sessions.Values)
            session.Dispose();
        _tokenTable.Dispose();
    }

    private FixedSession Session(FixedShape shape)
    {
        if (!_sessions.TryGetValue(shape, out var session))
            _sessions[shape] = session = FixedSession.Open(_device, _graphPath, _architecture, _tokenTable, shape);
        return session;
    }
}
