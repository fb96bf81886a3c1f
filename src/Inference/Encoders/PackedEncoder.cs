using System.Collections.Concurrent;
using System.Globalization;
using ActorEmbed.Inference.Graphs;
using Microsoft.ML.OnnxRuntime;

namespace ActorEmbed.Inference.Encoders;

/// <summary>
/// Runs a compiled graph. Takes any number of texts at once: cuts them into runs and keeps every core busy with one
/// of them; a run that is alone has all cores. A text's vector is bit-identical whatever runs beside it.
/// </summary>
internal sealed class PackedEncoder : ITextEncoder
{
    // With more, a text keeps all threads busy by itself, and one on each core would take memory as often: some 60 KB a
    // token of a base-sized model.
    private const int MaxTokensBesideOthers = 2048;

    private readonly PackedSessions _sessions;
    private readonly PackedTokenTable _tokenTable;
    private readonly EncoderArchitecture _architecture;
    private readonly RunOptions _runOptions = new();
    private readonly RunOptions _largeRunOptions = new();
    private readonly ConcurrentBag<PackedInputs> _inputs = [];
    private readonly HelperThreads _helpers;
    private readonly Lock _turn = new();
    private readonly string[] _inputNames;
    private readonly int _threads;
    private int _calls;

    /// <param name="sessions">Over a compiled graph (<see cref="PackedGraph"/>); disposed with the encoder.</param>
    /// <param name="tokenTable">Of the same model; disposed with the encoder.</param>
    /// <param name="architecture">The model's shape.</param>
    /// <param name="dimensions">Length of a text's vector.</param>
    /// <param name="threads">Cores to use at most.</param>
    public PackedEncoder(
        PackedSessions sessions, PackedTokenTable tokenTable, EncoderArchitecture architecture, int dimensions, int threads)
    {
        Dimensions = dimensions;
        _sessions = sessions;
        _tokenTable = tokenTable;
        _architecture = architecture;
        _threads = threads;
        // What a long text needs would else be kept for the next one, which may not come for days.
        _largeRunOptions.AddRunConfigEntry("memory.enable_memory_arena_shrinkage", "cpu:0");
        _helpers = new HelperThreads(threads - 1);
        _inputNames = [.. sessions.SingleThreaded.InputMetadata.Keys];
    }

    public int Dimensions { get; }

    public int? TokenDimensions => _architecture.Hidden;

    /// <summary>Share of the products of bytes whose inputs were observed when the graph was made; null where it has none.</summary>
    public double? CalibratedShare =>
        _sessions.SingleThreaded.ModelMetadata.CustomMetadataMap.TryGetValue(PackedGraph.CalibratedShare, out var share)
            ? double.Parse(share, CultureInfo.InvariantCulture)
            : null;

    public float[][] Encode(ReadOnlySpan<int[]> texts, ReadOnlySpan<int> unpooled = default, ReadOnlySpan<int[]?> types = default)
    {
        CheckFiles();
        _tokenTable.Prefetch(texts);
        var work = new Work(PackedGraph.Vectors, texts.ToArray(), unpooled.ToArray(), types.ToArray());
        var runs = work.Cut(_threads, _architecture.LongTexts);
        // More runs at a time than cores were measured at 0.71 of the throughput: a second caller waits.
        lock (_turn)
        {
            // The longest come first.
            var alone = runs.Count == 1 ? 1 : runs.TakeWhile(run => work.Texts[run[0]].Length > MaxTokensBesideOthers).Count();
            foreach (var run in runs.Take(alone))
                Run(_sessions.AllThreads, work, run);
            if (runs.Count > alone)
                EncodeBesideEachOther(work, runs[alone..]);
            // The first call may be a trial while the server still starts, and has no core to spare for a second session.
            if (++_calls == 2)
                _sessions.BeginOpeningAllThreads();
        }

        // Once more: rows that were read of other weights must not be told as this model's.
        CheckFiles();
        return work.Vectors;
    }

    public float[][] EncodeTokens(ReadOnlySpan<int[]> texts)
    {
        CheckFiles();
        _tokenTable.Prefetch(texts);
        lock (_turn)
        {
            var (session, output) = _sessions.OfTokens;
            var work = new Work(output, texts.ToArray(), [], []);
            // One run after the other, with all threads: a session for runs beside each other would be one more in memory.
            foreach (var run in work.Cut(cores: 1, _architecture.LongTexts))
                Run(session, work, run);
            CheckFiles();
            return work.Vectors;
        }
    }

    /// <summary>Looks whether the files that the model is read from are still what they were.</summary>
    /// <exception cref="InferenceException">One has other bytes: the model has to be loaded again.</exception>
    public void CheckFiles()
    {
        _sessions.CheckFiles();
        _tokenTable.CheckFile();
    }

    /// <summary>Waits until a lone text has all cores; until then it has one.</summary>
    public void WaitForAllThreads() => _sessions.WaitForAllThreads();

    /// <summary>Runs the graph once, as <see cref="Encode"/> would with these texts in one run.</summary>
    /// <param name="texts">Token ids of each text.</param>
    /// <param name="allThreads">Whether the run takes all threads or one.</param>
    public float[][] EncodeInOneRun(int[][] texts, bool allThreads)
    {
        var work = new Work(PackedGraph.Vectors, texts, [], []);
        Run(allThreads ? _sessions.WaitForAllThreads() : _sessions.SingleThreaded, work, [.. Enumerable.Range(0, texts.Length)]);
        return work.Vectors;
    }

    public void Dispose()
    {
        _helpers.Dispose();
        _runOptions.Dispose();
        _largeRunOptions.Dispose();
        _sessions.Dispose();
        _tokenTable.Dispose();
    }

    private void EncodeBesideEachOther(Work work, List<int[]> runs)
    {
        var next = -1;
        _helpers.Run(
            () =>
            {
                try
                {
                    for (var i = Interlocked.Increment(ref next); i < runs.Count; i = Interlocked.Increment(ref next))
                        Run(_sessions.SingleThreaded, work, runs[i]);
                }
                catch
                {
                    // Nobody has a use for the rest of a batch that failed.
                    Interlocked.Exchange(ref next, runs.Count);
                    throw;
                }
            },
            Math.Min(_threads, runs.Count) - 1);
    }

    private void Run(InferenceSession session, Work work, int[] run)
    {
        var isLarge = work.Texts[run[0]].Length > MaxTokensBesideOthers;
        if (isLarge || !_inputs.TryTake(out var inputs))
            inputs = new PackedInputs(_architecture, _tokenTable);
        inputs.Fill(Array.ConvertAll(run, i => work.Texts[i]), Of(run, work.Unpooled), Of(run, work.Types));
        var tensors = Array.ConvertAll(_inputNames, inputs.Tensor);
        try
        {
            using var outputs = session.Run(isLarge ? _largeRunOptions : _runOptions, _inputNames, tensors, [work.Output]);
            var numbers = outputs[0].GetTensorDataAsSpan<float>();
            foreach (var text in run)
            {
                var length = work.IsOfTokens ? work.Texts[text].Length * _architecture.Hidden : Dimensions;
                work.Vectors[text] = numbers[..length].ToArray();
                numbers = numbers[length..];
            }
        }
        catch (OnnxRuntimeException e)
        {
            throw new InferenceException($"The compiled graph failed on {run.Length} texts: {e.Message}", e);
        }
        finally
        {
            foreach (var tensor in tensors)
                tensor.Dispose();
            if (!isLarge)
                _inputs.Add(inputs);
        }
    }

    /// <summary>What belongs to the texts of a run; nothing where nothing was said of any text.</summary>
    private static T[] Of<T>(int[] run, T[] all) => all.Length == 0 ? [] : Array.ConvertAll(run, i => all[i]);

    /// <summary>What one call was given, and its results.</summary>
    private sealed record Work(string Output, int[][] Texts, int[] Unpooled, int[]?[] Types)
    {
        public float[][] Vectors { get; } = new float[Texts.Length][];

        public bool IsOfTokens => Output != PackedGraph.Vectors;

        public List<int[]> Cut(int cores, LongTexts longTexts) =>
            PackedBatches.Cut(Array.ConvertAll(Texts, ids => ids.Length), cores, longTexts.LongerThan);
    }
}
