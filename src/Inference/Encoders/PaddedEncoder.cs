using ActorEmbed.Inference.Devices;
using ActorEmbed.Inference.Files;
using Microsoft.ML.OnnxRuntime;

namespace ActorEmbed.Inference.Encoders;

/// <summary>
/// Runs the ONNX graph that a repository ships: gives it the inputs of <see cref="PaddedGraph"/> that it asks for, and
/// takes the vectors of its tokens, pooled here, or those of its texts where it pools itself.
/// </summary>
internal sealed class PaddedEncoder : ITextEncoder
{
    private readonly InferenceSession _session;
    private readonly RunOptions _runOptions = new();
    private readonly PaddedBuffers _buffers = new();
    private readonly PaddedEncoderOptions _options;
    private readonly PaddedOutput _output;
    private readonly PaddedOutput? _tokens;
    private readonly string[] _inputNames;

    /// <exception cref="ModelLoadException">The file is missing, damaged, or has other inputs or outputs.</exception>
    public PaddedEncoder(string graphPath, PaddedEncoderOptions options)
    {
        _session = Open(graphPath, options.Threads);
        _options = options;
        try
        {
            _inputNames = CheckedInputs(graphPath, _session);
            _output = options.IsClassifier
                ? PaddedOutput.Logits(graphPath, _session)
                : PaddedOutput.Choose(graphPath, _session, options.PrefersPooled, options.Dimensions);
            _tokens = options.IsClassifier ? null : _output.IsPooled ? PaddedOutput.Tokens(_session) : _output;
        }
        catch
        {
            _session.Dispose();
            throw;
        }
    }

    public int Dimensions => _output.IsPooled ? _output.Dimensions : _output.Dimensions * _options.Pooling.Count;

    public int? TokenDimensions => _tokens?.Dimensions;

    /// <summary>Whether the graph pools, so that <see cref="PaddedEncoderOptions.Pooling"/> is not used.</summary>
    public bool IsPooledByGraph => _output.IsPooled;

    public float[][] Encode(ReadOnlySpan<int[]> texts, ReadOnlySpan<int> unpooled = default, ReadOnlySpan<int[]?> types = default)
    {
        var vectors = new float[texts.Length][];
        foreach (var run in RunsOf(texts))
        {
            var output = RunOnce(texts, types, run, _output, out var rowNumbers);
            for (var row = 0; row < run.Length; row++)
            {
                var ofText = output.Slice(row * rowNumbers, rowNumbers);
                vectors[run[row]] = _output.IsPooled
                    ? ofText.ToArray()
                    : Pooling.Pool(
                        _options.Pooling, ofText[..(texts[run[row]].Length * _output.Dimensions)], _output.Dimensions, unpooled.IsEmpty ? 0 : unpooled[run[row]]);
            }
        }

        return vectors;
    }

    public float[][] EncodeTokens(ReadOnlySpan<int[]> texts)
    {
        if (_tokens is null)
            throw new InferenceException("The model's graph gives no vectors of tokens.");
        var vectors = new float[texts.Length][];
        foreach (var run in RunsOf(texts))
        {
            var output = RunOnce(texts, types: [], run, _tokens, out var rowNumbers);
            for (var row = 0; row < run.Length; row++)
                vectors[run[row]] = output.Slice(row * rowNumbers, texts[run[row]].Length * _tokens.Dimensions).ToArray();
        }

        return vectors;
    }

    public void Dispose()
    {
        _runOptions.Dispose();
        _session.Dispose();
    }

    private static List<int[]> RunsOf(ReadOnlySpan<int[]> texts)
    {
        var lengths = new int[texts.Length];
        for (var i = 0; i < lengths.Length; i++)
            lengths[i] = texts[i].Length;
        return MicroBatches.Cut(lengths);
    }

    /// <summary>An output of the graph for the texts of a run, so many numbers for each; good until the next run.</summary>
    private ReadOnlySpan<float> RunOnce(ReadOnlySpan<int[]> texts, ReadOnlySpan<int[]?> types, int[] run, PaddedOutput output, out int rowNumbers)
    {
        // The longest comes first.
        var longest = texts[run[0]].Length;
        long[] shape = output.IsPooled ? [run.Length, output.Dimensions] : [run.Length, longest, output.Dimensions];
        rowNumbers = checked((output.IsPooled ? 1 : longest) * output.Dimensions);
        var numbers = checked(run.Length * rowNumbers);
        _buffers.Reserve(run.Length * longest, output, numbers);
        for (var row = 0; row < run.Length; row++)
            FillRow(texts[run[row]], types.IsEmpty ? null : types[run[row]], row * longest, longest);

        Run([run.Length, longest], output, shape);
        return _buffers.Read(output, numbers);
    }

    private void FillRow(int[] ids, int[]? types, int start, int longest)
    {
        var padded = _buffers.Ids.Slice(start, longest);
        var mask = _buffers.Mask.Slice(start, longest);
        var positions = _buffers.Positions.Slice(start, longest);
        var paddedTypes = _buffers.Types.Slice(start, longest);
        for (var t = 0; t < longest; t++)
        {
            (padded[t], mask[t]) = t < ids.Length ? (ids[t], 1) : (_options.PaddingId, 0);
            paddedTypes[t] = types is not null && t < ids.Length ? types[t] : 0;
            // Padding is masked; it only has to have some row of the table.
            positions[t] = _options.FirstPosition + (t < ids.Length ? t : 0);
        }
    }

    private void Run(long[] shape, PaddedOutput output, long[] outputShape)
    {
        var inputs = Array.ConvertAll(_inputNames, name => _buffers.Input(name, shape));
        using var tensor = _buffers.OutputTensor(output, outputShape);
        try
        {
            _session.Run(_runOptions, _inputNames, inputs, [output.Name], [tensor]);
        }
        catch (OnnxRuntimeException e)
        {
            throw new InferenceException($"The graph failed on {shape[0]} texts of at most {shape[1]} tokens: {e.Message}", e);
        }
        finally
        {
            foreach (var input in inputs)
                input.Dispose();
        }
    }

    private static InferenceSession Open(string path, int threads)
    {
        if (!File.Exists(path))
            throw new ModelLoadException($"{path} is missing.");
        try
        {
            ModelFile.RefuseSpecial(path);
            return OnnxSessions.Open(path, threads);
        }
        catch (Exception e) when (e is OnnxRuntimeException or IOException)
        {
            throw new ModelLoadException($"{path} cannot be loaded: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }

    private static string[] CheckedInputs(string path, InferenceSession session)
    {
        if (PaddedGraph.WhyNot([.. session.InputMetadata.Keys], [.. session.OutputMetadata.Keys]) is { } whyNot)
            throw new ModelLoadException($"{path} cannot be run here: {whyNot}.");
        return session.InputMetadata.FirstOrDefault(input => input.Value.ElementType != typeof(long)) is { Key: { } name, Value: var other }
            ? throw new ModelLoadException($"{path} cannot be run here: its input '{name}' is of type {other.ElementType?.Name}, and int64 is supported.")
            : [.. session.InputMetadata.Keys];
    }
}
