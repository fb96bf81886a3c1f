using System.Numerics.Tensors;
using LLama;
using LLama.Common;
using LLama.Native;

namespace ActorEmbed.Peers.LLamaSharp;

/// <summary>Computes the vectors of several texts in one run of llama.cpp, each a sequence of its own.</summary>
internal sealed class SequenceEncoder : IDisposable
{
    // As many texts as the other servers take in a batch.
    private const int MaxSequences = 32;

    private readonly int _begin;
    private readonly int _end;
    private readonly int _maxTokens;
    private readonly LLamaWeights _weights;
    private readonly LLamaContext _context;

    /// <param name="model">A GGUF file.</param>
    /// <param name="threads">That share a run.</param>
    /// <param name="begin">The token before every text.</param>
    /// <param name="end">The token behind it.</param>
    /// <param name="maxTokens">Tokens of the longest text, both among them.</param>
    public SequenceEncoder(string model, int threads, int begin, int end, int maxTokens)
    {
        (_begin, _end, _maxTokens) = (begin, end, maxTokens);
        NativeLibraryConfig.All.WithLogCallback((_, _) => { });
        // An encoder computes a batch in one piece, for which there must be room.
        var tokens = (uint)(MaxSequences * maxTokens);
        var parameters = new ModelParams(model)
        {
            Embeddings = true,
            GpuLayerCount = 0,
            Threads = threads,
            BatchThreads = threads,
            ContextSize = tokens,
            BatchSize = tokens,
            UBatchSize = tokens,
            SeqMax = MaxSequences,
        };
        _weights = LLamaWeights.LoadFromFile(parameters);
        _context = _weights.CreateContext(parameters);
    }

    /// <summary>A vector of length 1 for each text.</summary>
    public float[][] Encode(string[] texts) => [.. texts.Chunk(MaxSequences).SelectMany(Run)];

    public void Dispose()
    {
        _context.Dispose();
        _weights.Dispose();
    }

    private float[][] Run(string[] texts)
    {
        var batch = new LLamaBatch();
        for (var i = 0; i < texts.Length; i++)
            Add(batch, texts[i], (LLamaSeqId)i);
        var result = _context.NativeHandle.Encode(batch);
        if (result != DecodeResult.Ok)
            throw new InvalidOperationException($"llama.cpp could not compute the batch: {result}.");
        return [.. texts.Select((_, i) => Normalized(_context.NativeHandle.GetEmbeddingsSeq((LLamaSeqId)i)))];
    }

    private void Add(LLamaBatch batch, string text, LLamaSeqId sequence)
    {
        var pieces = _context.Tokenize(text, addBos: false, special: false);
        LLamaToken[] tokens = [_begin, .. pieces.Take(_maxTokens - 2), _end];
        for (var position = 0; position < tokens.Length; position++)
            batch.Add(tokens[position], position, sequence, logits: true);
    }

    private static float[] Normalized(Span<float> vector)
    {
        var normalized = new float[vector.Length];
        TensorPrimitives.Divide(vector, TensorPrimitives.Norm<float>(vector), normalized);
        return normalized;
    }
}
