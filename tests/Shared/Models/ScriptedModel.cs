using System.Collections.Concurrent;
using ActorEmbed.Inference;

namespace ActorEmbed.Tests.Shared.Models;

/// <summary>
/// The model at the outermost edge of a test: deterministic vectors, a record of what was asked, and hooks to make it
/// fail or wait. It outlives the sessions that <see cref="Load"/> hands out, as a model file outlives sessions.
/// </summary>
public sealed class ScriptedModel
{
    public const int Dimensions = 4;

    // A hook that waits for a gate which a failed test never opens must not keep the test run alive.
    public static readonly TimeSpan GateTimeout = TimeSpan.FromSeconds(20);

    private const int StartId = 0;
    private const int EndId = 1;

    private int _loads;
    private int _disposals;
    private int _running;

    public static ModelInfo Info { get; } = new("tests/scripted", Dimensions, MaxTokens: 128, Device: "cpu")
    {
        VocabularySize = char.MaxValue + 1,
        TokenDimensions = Dimensions,
        Prompts = new ModelPrompts([new("query", "query: "), new("passage", "passage: ")]),
    };

    /// <summary>The same as a reranker: scores the texts of pairs and gives no vectors.</summary>
    public static ModelInfo RerankerInfo { get; } = new("tests/scripted-reranker", Dimensions: 1, MaxTokens: 128, Device: "cpu")
    {
        VocabularySize = char.MaxValue + 1,
        Kind = ModelKind.Reranker,
        ScoreActivation = ScoreActivation.Sigmoid,
    };

    /// <summary>What the model says of itself.</summary>
    public ModelInfo Described { get; init; } = Info;

    /// <summary>Its full id; another one where a test has several models.</summary>
    public string Id
    {
        get => Described.Id;
        init => Described = Described with { Id = value };
    }

    /// <summary>The texts of each batch, the first text of a session (its probe) left out.</summary>
    public ConcurrentQueue<IReadOnlyList<string>> Batches { get; } = [];

    public int Loads => _loads;

    public int Disposals => _disposals;

    /// <summary>Most calls that were under way at once.</summary>
    public int MaxConcurrency { get; private set; }

    /// <summary>Runs in every load, with its number from 1.</summary>
    public Action<int> OnLoad { get; set; } = _ => { };

    /// <summary>Runs before a session counts as closed.</summary>
    public Action OnDispose { get; set; } = () => { };

    /// <summary>Runs before the vectors of each batch are made.</summary>
    public Action<IReadOnlyList<string>> OnBatch { get; set; } = _ => { };

    /// <summary>Runs before the tokens of each text are made.</summary>
    public Action<string, CancellationToken> OnTokenize { get; set; } = (_, _) => { };

    /// <summary>May change the result of each batch.</summary>
    public Func<IReadOnlyList<string>, TextEmbedding[], IReadOnlyList<TextEmbedding>> OnResult { get; set; } = (_, result) => result;

    /// <summary>Not of length 1, so that normalisation shows; different for every text.</summary>
    public static float[] VectorOf(string text)
    {
        var hash = text.Aggregate(17u, (h, c) => (h * 31) + c);
        return [1 + (hash & 0xFF), 1 + ((hash >> 8) & 0xFF), 1 + ((hash >> 16) & 0xFF), text.Length];
    }

    /// <summary>What the tokens of a text get, one after the other: those around it, and each of its characters.</summary>
    public static float[] TokenVectorsOf(string text)
    {
        string[] tokens = ["<s>", .. text.Select(character => character.ToString()), "</s>"];
        return [.. tokens.Take(Info.MaxTokens).SelectMany((token, place) => VectorOf($"{token}{place}"))];
    }

    /// <summary>What a pair gets: how many words of the query the text has.</summary>
    public static float LogitOf(string query, string text) => query.Split(' ').Count(word => text.Split(' ').Contains(word));

    /// <summary>How a pair stands in <see cref="Batches"/>.</summary>
    public static string PairOf(string query, string text) => $"{query} -> {text}";

    public static float[] UnitVectorOf(string text) => VectorNorm.Normalize(VectorOf(text));

    public IEmbeddingModel Load()
    {
        OnLoad(Interlocked.Increment(ref _loads));
        return new Session(this);
    }

    private sealed class Session(ScriptedModel script) : IEmbeddingModel
    {
        private bool _hasProbed;

        public ModelInfo Info => script.Described;

        public IReadOnlyList<TextEmbedding> Embed(IReadOnlyList<EmbeddingInput> inputs)
        {
            var texts = inputs.Select(TextOf).ToArray();
            var result = inputs.Select((input, i) => EmbeddingOf(input, texts[i])).ToArray();
            if (!_hasProbed)
            {
                _hasProbed = true;
                return result;
            }

            script.MaxConcurrency = Math.Max(script.MaxConcurrency, Interlocked.Increment(ref script._running));
            try
            {
                script.Batches.Enqueue(texts);
                script.OnBatch(texts);
                return script.OnResult(texts, result);
            }
            finally
            {
                Interlocked.Decrement(ref script._running);
            }
        }

        public TextTokens Tokenize(string text, CancellationToken cancellation = default)
        {
            script.OnTokenize(text, cancellation);
            var places = Enumerable.Range(0, text.Length);
            return new TextTokens([StartId, .. text, EndId], [0, .. places, 0], [0, .. places.Select(place => place + 1), 0], CountBefore: 1, CountAfter: 1);
        }

        public TokenPiece PieceOf(int id) =>
            new(id switch { StartId => "<s>", EndId => "</s>", _ => ((char)id).ToString() }, IsSpecial: id is StartId or EndId);

        public string Decode(IReadOnlyList<int> ids, bool skipsSpecialTokens) =>
            string.Concat(ids.Select(PieceOf).Where(piece => !(skipsSpecialTokens && piece.IsSpecial)).Select(piece => piece.Text));

        public void Dispose()
        {
            script.OnDispose();
            Interlocked.Increment(ref script._disposals);
        }

        private static TextEmbedding EmbeddingOf(EmbeddingInput input, string text)
        {
            var isTruncated = text.Length + 2 > ScriptedModel.Info.MaxTokens;
            return isTruncated && !input.Truncate
                ? TextEmbedding.TooLong
                : new TextEmbedding(
                    input.Query is { } query ? [LogitOf(query, input.Text!)] : input.EachToken ? TokenVectorsOf(text) : VectorOf(text), Math.Min(text.Length + 2, ScriptedModel.Info.MaxTokens), isTruncated);
        }

        /// <summary>Every character is a token, and its code the id.</summary>
        private static string TextOf(EmbeddingInput input) =>
            input is { Query: { } query, Text: { } paired } ? PairOf(query, paired) : input.Text is { } text ? PromptOf(input) + text : string.Concat(input.TokenIds!.Where(id => id is not (StartId or EndId)).Select(id => (char)id));

        private static string? PromptOf(EmbeddingInput input) =>
            ScriptedModel.Info.Prompts.TryFind(input.Prompt, out var prompt, out var whyNot) ? prompt?.Text : throw new InferenceException(whyNot);
    }
}
