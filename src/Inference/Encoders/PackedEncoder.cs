using System.Collections.Concurrent;
using ActorEmbed.Inference.Graphs;
using Microsoft.ML.OnnxRuntime;

namespace ActorEmbed.Inference.Encoders;

/// <summary>
/// Runs a compiled graph. Takes any number of texts at once: cuts them into runs and keeps every core busy with one
/// of them; a run that is alone has all cores. A text's vector is bit-identical whatever runs beside it.
/// </summary>
internal sealed class PackedEncoder : ITextEncoder
{
    private static readonly string[] OutputNames = [PackedGraph.Vectors];

    private readonly PackedSessions _sessions;
    private readonly PackedTokenTable _tokenTable;
    private readonly EncoderArchitecture _architecture;
    private readonly RunOptions _runOptions = new();
    private readonly ConcurrentBag<PackedInputs> _inputs = [];
    private readonly RunGate _gate;
    private readonly string[] _inputNames;
    private readonly int _threads;
    private int _calls;

    /// <param name="sessions">Over a graph of <see cref="EncoderGraphBuilder"/>; disposed with the encoder.</param>
    /// <param name="tokenTable">Of the same model; disposed with the encoder.</param>
    /// <param name="architecture">The model's shape.</param>
    /// <param name="threads">Cores to use at most.</param>
    public PackedEncoder(PackedSessions sessions, PackedTokenTable tokenTable, EncoderArchitecture architecture, int threads)
    {
        _sessions = sessions;
        _tokenTable = tokenTable;
        _architecture = architecture;
        _threads = threads;
        _gate = new RunGate(threads);
        _inputNames = [.. sessions.SingleThreaded.InputMetadata.Keys];
    }

    public int Dimensions => _architecture.Hidden;

    public float[][] Encode(ReadOnlySpan<int[]> texts)
    {
        _tokenTable.Prefetch(texts);
        var lengths = new int[texts.Length];
        for (var i = 0; i < lengths.Length; i++)
            lengths[i] = texts[i].Length;

        var vectors = new float[texts.Length][];
        var runs = PackedBatches.Cut(lengths, _threads);
        if (runs.Count == 1)
            EncodeAlone(texts.ToArray(), runs[0], vectors);
        else if (runs.Count > 1)
            EncodeBesideEachOther(texts.ToArray(), runs, vectors);
        // The first call may be a trial while the server still starts, and has no core to spare for a second session.
        if (Interlocked.Increment(ref _calls) == 2)
            _sessions.BeginOpeningAllThreads();
        return vectors;
    }

    /// <summary>Waits until a lone text has all cores; until then it has one.</summary>
    public void WaitForAllThreads() => _sessions.WaitForAllThreads();

    /// <summary>Runs the graph once, as <see cref="Encode"/> would with these texts in one run.</summary>
    /// <param name="texts">Token ids of each text.</param>
    /// <param name="allThreads">Whether the run takes all threads or one.</param>
    public float[][] EncodeInOneRun(int[][] texts, bool allThreads)
    {
        var vectors = new float[texts.Length][];
        Run(allThreads ? _sessions.WaitForAllThreads() : _sessions.SingleThreaded, texts, [.. Enumerable.Range(0, texts.Length)], vectors);
        return vectors;
    }

    public void Dispose()
    {
        _runOptions.Dispose();
        _sessions.Dispose();
        _tokenTable.Dispose();
        _gate.Dispose();
    }

    private void EncodeAlone(int[][] texts, int[] run, float[][] vectors)
    {
        if (!_gate.TryEnterAlone())
        {
            EncodeOnOneCore(texts, run, vectors);
            return;
        }

        try
        {
            Run(_sessions.AllThreads, texts, run, vectors);
        }
        finally
        {
            _gate.LeaveAlone();
        }
    }

    private void EncodeBesideEachOther(int[][] texts, List<int[]> runs, float[][] vectors)
    {
        var next = -1;
        void Work()
        {
            for (var i = Interlocked.Increment(ref next); i < runs.Count; i = Interlocked.Increment(ref next))
                EncodeOnOneCore(texts, runs[i], vectors);
        }

        // The caller works too, so that the batch goes on even where the thread pool has no thread to lend.
        var workers = new Task[Math.Min(_threads, runs.Count) - 1];
        for (var i = 0; i < workers.Length; i++)
            workers[i] = Task.Run(Work);
        try
        {
            Work();
        }
        finally
        {
            Interlocked.Exchange(ref next, runs.Count);
            Task.WhenAll(workers).GetAwaiter().GetResult();
        }
    }

    private void EncodeOnOneCore(int[][] texts, int[] run, float[][] vectors)
    {
        _gate.Enter();
        try
        {
            Run(_sessions.SingleThreaded, texts, run, vectors);
        }
        finally
        {
            _gate.Leave();
        }
    }

    private void Run(InferenceSession session, int[][] texts, int[] run, float[][] vectors)
    {
        if (!_inputs.TryTake(out var inputs))
            inputs = new PackedInputs(_architecture, _tokenTable);
        inputs.Fill(Array.ConvertAll(run, i => texts[i]));
        var tensors = Array.ConvertAll(_inputNames, inputs.Tensor);
        try
        {
            using var outputs = session.Run(_runOptions, _inputNames, tensors, OutputNames);
            var pooled = outputs[0].GetTensorDataAsSpan<float>();
            for (var i = 0; i < run.Length; i++)
                vectors[run[i]] = pooled.Slice(i * Dimensions, Dimensions).ToArray();
        }
        catch (OnnxRuntimeException e)
        {
            throw new InferenceException($"The compiled graph failed on {run.Length} texts: {e.Message}", e);
        }
        finally
        {
            foreach (var tensor in tensors)
                tensor.Dispose();
            _inputs.Add(inputs);
        }
    }
}
