using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using ActorEmbed.Actors.Inference;
using ActorEmbed.Inference;

namespace ActorEmbed.Testing;

/// <summary>
/// Takes the place of a model in a host's tests: the vector of a text is a function of the text alone, the same in every
/// process and on every machine. It outlives the sessions that <see cref="Open"/> hands out, as a file would.
/// </summary>
/// <param name="dimensions">Length of each vector, at least 1.</param>
/// <param name="maxTokens">A text with more words than this counts as truncated.</param>
public sealed class FakeEmbeddingModel(int dimensions = 8, int maxTokens = 128)
{
    private const string RerankerId = "actorembed/fake-reranker";

    // FNV-1a of 64 bits, and the increment of SplitMix64.
    private const ulong FnvOffset = 14695981039346656037;
    private const ulong FnvPrime = 1099511628211;
    private const ulong Increment = 0x9E3779B97F4A7C15;

    // So many that two words of a test hardly ever get the same id.
    private const int Vocabulary = 1 << 30;
    private const int StartId = 0;
    private const int EndId = 1;
    private const string StartToken = "<s>";
    private const string EndToken = "</s>";
    private const int FirstWordId = 2;

    private readonly ConcurrentDictionary<int, string> _words = [];
    private readonly ConcurrentQueue<IReadOnlyList<string>> _batches = [];

    /// <summary>In place of a reranker: it scores texts against queries, and gives no vectors.</summary>
    /// <param name="maxTokens">A query and a text with more words together than this count as truncated.</param>
    public static FakeEmbeddingModel Reranker(int maxTokens = 128) => new(dimensions: 1, maxTokens)
    {
        Info = new ModelInfo(RerankerId, Dimensions: 1, maxTokens, Device: "cpu")
        {
            VocabularySize = Vocabulary,
            Kind = ModelKind.Reranker,
            ScoreActivation = ScoreActivation.Sigmoid,
        },
    };

    /// <summary>What the model says of itself. An embedder has the prompts <c>query: </c> and <c>document: </c>, and no default.</summary>
    public ModelInfo Info { get; private init; } = new("actorembed/fake", dimensions, maxTokens, Device: "cpu")
    {
        VocabularySize = Vocabulary,
        TokenDimensions = dimensions,
        Prompts = new ModelPrompts([new("query", "query: "), new("document", "document: ")]),
    };

    /// <summary>The texts of each batch so far. The text by which a host finds out that a fresh session works is none of them.</summary>
    public IReadOnlyCollection<IReadOnlyList<string>> Batches => _batches;

    /// <summary>Says which texts break the model, as a real one may break on one; none by default.</summary>
    public Predicate<string> FailsOn { get; set; } = _ => false;

    /// <summary>How long each call takes; no time by default. It blocks its thread, as inference does.</summary>
    public TimeSpan Latency { get; set; }

    /// <summary>A session, as a host's model would be loaded.</summary>
    public IEmbeddingModel Open() => new Session(this);

    /// <summary>The vector that a text, or a token of its own, gets when it is not normalised; components from -1 to 1.</summary>
    public float[] VectorOf(string text)
    {
        var state = HashOf(text);
        var vector = new float[Info.Dimensions];
        for (var i = 0; i < vector.Length; i++)
            vector[i] = Next(ref state);
        return vector;
    }

    /// <summary>What a text gets from the reranker; from -1 to 1.</summary>
    public float LogitOf(string query, string text) => VectorOf(PairOf(query, text))[0];

    /// <summary>The vector that a text gets when it is normalised, as it is by default.</summary>
    public float[] UnitVectorOf(string text) => VectorNorm.Normalize(VectorOf(text));

    private static ulong HashOf(string text)
    {
        var hash = FnvOffset;
        foreach (var b in Encoding.UTF8.GetBytes(text))
            hash = (hash ^ b) * FnvPrime;
        return hash;
    }

    private static string[] WordsOf(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    private int IdOf(string word)
    {
        var id = FirstWordId + (int)(HashOf(word) % (Vocabulary - FirstWordId));
        _words[id] = word;
        return id;
    }

    private static string PairOf(string query, string text) => $"{query}\n{text}";

    /// <summary>A text with its prompt, or with its query before it in a line of its own; of token ids the words that they were made of.</summary>
    private string TextOf(EmbeddingInput input) => input is { Query: { } query, Text: { } paired } ? PairOf(query, paired) : input.Text is { } text ? PromptOf(input) + text : string.Join(' ', input.TokenIds!
        .Where(id => id >= FirstWordId).Select(id => _words.GetValueOrDefault(id) ?? id.ToString(CultureInfo.InvariantCulture)));

    private string? PromptOf(EmbeddingInput input) =>
        Info.Prompts.TryFind(input.Prompt, out var prompt, out var whyNot) ? prompt?.Text : throw new InferenceException(whyNot);

    private static float Next(ref ulong state)
    {
        state += Increment;
        var z = state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        z ^= z >> 31;
        // The upper 24 bits are as many as a float holds.
        return ((z >> 40) / (float)(1 << 23)) - 1;
    }

    private sealed class Session(FakeEmbeddingModel model) : IEmbeddingModel
    {
        private readonly ManualResetEventSlim _never = new();
        private bool _isProved;

        public ModelInfo Info => model.Info;

        public IReadOnlyList<TextEmbedding> Embed(IReadOnlyList<EmbeddingInput> texts)
        {
            string[] strings = [.. texts.Select(model.TextOf)];
            if (_isProved || strings is not [InferenceActor.ProbeText])
                model._batches.Enqueue(strings);
            _isProved = true;
            if (strings.Any(text => model.FailsOn(text)))
                throw new InferenceException("The fake model was told to fail on this text.");
            if (model.Latency > TimeSpan.Zero)
                _never.Wait(model.Latency);
            return [.. strings.Select((text, i) => Embed(text, texts[i]))];
        }

        public TextTokens Tokenize(string text, CancellationToken cancellation = default)
        {
            cancellation.ThrowIfCancellationRequested();
            var words = WordsOf(text);
            var starts = new int[words.Length + 2];
            var ends = new int[words.Length + 2];
            for (var i = 0; i < words.Length; i++)
            {
                starts[i + 1] = text.IndexOf(words[i], ends[i], StringComparison.Ordinal);
                ends[i + 1] = starts[i + 1] + words[i].Length;
            }

            return new TextTokens([StartId, .. words.Select(model.IdOf), EndId], starts, ends, CountBefore: 1, CountAfter: 1);
        }

        public TokenPiece PieceOf(int id) => id switch
        {
            StartId => new(StartToken, IsSpecial: true),
            EndId => new(EndToken, IsSpecial: true),
            _ => new(model._words[id], IsSpecial: false),
        };

        public string Decode(IReadOnlyList<int> ids, bool skipsSpecialTokens) => string.Join(
            ' ', ids.Select(PieceOf).Where(piece => !(skipsSpecialTokens && piece.IsSpecial)).Select(piece => piece.Text));

        public void Dispose() => _never.Dispose();

        private TextEmbedding Embed(string text, EmbeddingInput input)
        {
            // Words are tokens, and two special ones stand around them.
            string[] tokens = [StartToken, .. WordsOf(text), EndToken];
            var isTruncated = tokens.Length > model.Info.MaxTokens;
            if (isTruncated && !input.Truncate)
                return TextEmbedding.TooLong;
            string[] kept = [.. tokens.Take(model.Info.MaxTokens)];
            return new(input.EachToken ? [.. kept.SelectMany(model.VectorOf)] : model.VectorOf(text), kept.Length, isTruncated);
        }
    }
}
