using ActorEmbed.Inference.Files;
using ActorEmbed.Inference.Models;
using Microsoft.ML.OnnxRuntime;

namespace ActorEmbed.Inference.Encoders;

/// <summary>
/// Runs the ONNX graph that a repository ships: <c>input_ids</c> and <c>attention_mask</c> (and
/// <c>token_type_ids</c> where the graph asks for it) to <c>last_hidden_state</c>, pooled here.
/// </summary>
internal sealed class PaddedEncoder : ITextEncoder
{
    public const string IdsName = "input_ids";
    public const string MaskName = "attention_mask";
    private const string TypesName = "token_type_ids";
    private static readonly string[] KnownOutputs = ["last_hidden_state", "token_embeddings"];

    private readonly InferenceSession _session;
    private readonly RunOptions _runOptions = new();
    private readonly PaddedBuffers _buffers = new();
    private readonly string[] _inputNames;
    private readonly string[] _outputNames;
    private readonly PoolingMode _pooling;
    private readonly int _paddingId;

    /// <exception cref="ModelLoadException">The file is missing, damaged, or has other inputs or outputs.</exception>
    public PaddedEncoder(string graphPath, PoolingMode pooling, int? dimensions, int paddingId, int threads)
    {
        _session = Open(graphPath, threads);
        _pooling = pooling;
        _paddingId = paddingId;
        try
        {
            _inputNames = CheckedInputs(graphPath, _session);
            (var output, Dimensions) = CheckedOutput(graphPath, _session, dimensions);
            _outputNames = [output];
        }
        catch
        {
            _session.Dispose();
            throw;
        }
    }

    public int Dimensions { get; }

    public float[][] Encode(ReadOnlySpan<int[]> texts)
    {
        var lengths = new int[texts.Length];
        for (var i = 0; i < lengths.Length; i++)
            lengths[i] = texts[i].Length;

        var vectors = new float[texts.Length][];
        foreach (var run in MicroBatches.Cut(lengths))
            EncodeInOneRun(texts, run, vectors);
        return vectors;
    }

    public void Dispose()
    {
        _runOptions.Dispose();
        _session.Dispose();
    }

    private void EncodeInOneRun(ReadOnlySpan<int[]> texts, int[] run, float[][] vectors)
    {
        // The longest comes first.
        var longest = texts[run[0]].Length;
        _buffers.Reserve(run.Length * longest, Dimensions);
        for (var row = 0; row < run.Length; row++)
        {
            var ids = texts[run[row]];
            var padded = _buffers.Ids.Slice(row * longest, longest);
            var mask = _buffers.Mask.Slice(row * longest, longest);
            for (var t = 0; t < longest; t++)
                (padded[t], mask[t]) = t < ids.Length ? (ids[t], 1) : (_paddingId, 0);
        }

        Run([run.Length, longest]);

        for (var row = 0; row < run.Length; row++)
        {
            var tokens = _buffers.Output.Slice(row * longest * Dimensions, texts[run[row]].Length * Dimensions);
            vectors[run[row]] = Pooling.Pool(_pooling, tokens, Dimensions);
        }
    }

    private void Run(long[] shape)
    {
        var inputs = Array.ConvertAll(_inputNames, name => _buffers.Input(name, shape));
        using var output = _buffers.OutputTensor([.. shape, Dimensions]);
        try
        {
            _session.Run(_runOptions, _inputNames, inputs, _outputNames, [output]);
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
        foreach (var (name, input) in session.InputMetadata)
        {
            if (name is not (IdsName or MaskName or TypesName) || input.ElementType != typeof(long))
                throw new ModelLoadException(
                    $"{path}: input '{name}' ({input.ElementType?.Name}) is not supported; {IdsName}, {MaskName} and {TypesName} of type int64 are.");
        }

        return session.InputMetadata.ContainsKey(IdsName)
            ? [.. session.InputMetadata.Keys]
            : throw new ModelLoadException($"{path}: the graph has no input '{IdsName}'.");
    }

    private static (string Name, int Dimensions) CheckedOutput(string path, InferenceSession session, int? configured)
    {
        // Exporters use either name; of a graph that uses neither, whatever is [batch, sequence, hidden].
        var (name, output) = session.OutputMetadata
            .Where(o => o.Value.Dimensions is { Length: 3 } && o.Value.ElementType == typeof(float))
            .OrderByDescending(o => KnownOutputs.Contains(o.Key))
            .FirstOrDefault();
        if (name is null)
            throw new ModelLoadException($"{path}: the graph has no float output of shape [batch, sequence, hidden].");

        // A symbolic dimension reads as -1.
        var stated = output.Dimensions[2] > 0 ? output.Dimensions[2] : (int?)null;
        return (name, stated ?? configured
            ?? throw new ModelLoadException($"{path}: neither the graph nor the configuration says how many dimensions a vector has."));
    }
}
