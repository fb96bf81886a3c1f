using ActorEmbed.Inference;
using ActorEmbed.Inference.Encoders;
using Microsoft.ML.OnnxRuntime;

namespace ActorEmbed.Bench.Compiled;

/// <summary>What a naive server does: the exported graph, default session options, batches padded to the longest text.</summary>
/// <param name="modelPath">The exported graph.</param>
/// <param name="sortByLength">Whether like lengths go together, at most 512 padded tokens a run; otherwise one run.</param>
/// <param name="threads">Threads of a run; 0 leaves it to ONNX Runtime: one for each core.</param>
/// <param name="pooling">How token vectors become the vector of a text.</param>
internal sealed class PlainEncoder(string modelPath, bool sortByLength, int threads = 0, PoolingMode pooling = PoolingMode.Mean) : ITextEncoder
{
    private const string TypesInput = "token_type_ids", Output = "last_hidden_state";

    // Masked: any token will do.
    private const long PaddingId = 1;

    private readonly InferenceSession _session = new(modelPath, new SessionOptions { IntraOpNumThreads = threads });

    public int Dimensions => _session.OutputMetadata[Output].Dimensions[^1];

    public float[][] Encode(ReadOnlySpan<int[]> texts, ReadOnlySpan<int> unpooled = default)
    {
        var lengths = new int[texts.Length];
        for (var i = 0; i < lengths.Length; i++)
            lengths[i] = texts[i].Length;
        List<int[]> runs = sortByLength ? MicroBatches.Cut(lengths) : [[.. Enumerable.Range(0, texts.Length)]];
        var vectors = new float[texts.Length][];
        foreach (var run in runs)
            EncodeRun(texts, unpooled, run, vectors);
        return vectors;
    }

    public void Dispose() => _session.Dispose();

    private void EncodeRun(ReadOnlySpan<int[]> texts, ReadOnlySpan<int> unpooled, int[] run, float[][] vectors)
    {
        var longest = 0;
        foreach (var i in run)
            longest = Math.Max(longest, texts[i].Length);
        var ids = new long[run.Length * longest];
        var mask = new long[ids.Length];
        Array.Fill(ids, PaddingId);
        for (var r = 0; r < run.Length; r++)
            for (var t = 0; t < texts[run[r]].Length; t++)
                (ids[r * longest + t], mask[r * longest + t]) = (texts[run[r]][t], 1);

        long[] shape = [run.Length, longest];
        using var idTensor = OrtValue.CreateTensorValueFromMemory(ids, shape);
        using var maskTensor = OrtValue.CreateTensorValueFromMemory(mask, shape);
        using var options = new RunOptions();
        using var typeTensor = OrtValue.CreateTensorValueFromMemory(new long[ids.Length], shape);
        var outputs = _session.InputMetadata.ContainsKey(TypesInput)
            ? _session.Run(options, ["input_ids", "attention_mask", TypesInput], [idTensor, maskTensor, typeTensor], [Output])
            : _session.Run(options, ["input_ids", "attention_mask"], [idTensor, maskTensor], [Output]);
        using var disposed = outputs;
        var hidden = outputs[0].GetTensorDataAsSpan<float>();
        for (var r = 0; r < run.Length; r++)
            vectors[run[r]] = Pooling.Pool(
                pooling, hidden.Slice(r * longest * Dimensions, texts[run[r]].Length * Dimensions), Dimensions, unpooled.IsEmpty ? 0 : unpooled[run[r]]);
    }
}
