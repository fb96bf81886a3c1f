using ActorEmbed.Actors.Messages;
using ActorEmbed.Actors.Scheduling;
using ActorEmbed.Inference;
using Akka.Actor;

namespace ActorEmbed.Actors.Router;

/// <summary>Where a router's workers are, and so what losing one means.</summary>
internal abstract record RouterWiring
{
    // Two such numbers are told apart by their upper halves; the lower ones count batches.
    private const int CounterBits = 32;

    /// <summary>Name of the one child of the router.</summary>
    public abstract string ChildName { get; }

    /// <summary>The child of the router that starts its workers, or watches over them.</summary>
    public required Func<IActorRef, Props> ChildProps { get; init; }

    /// <summary>The first id of a batch.</summary>
    public virtual long FirstBatchId => 0;

    /// <summary>Most memory of a batch's texts, in bytes of UTF-16 or of token ids.</summary>
    public virtual long MaxBatchBytes => long.MaxValue;

    /// <summary>Null, or why a worker with this model gets no batches.</summary>
    public virtual string? WhyRefused(ModelInfo announced, ModelInfo? served, SchedulingOptions options) => null;

    /// <summary>Null, or why these texts cannot be tokenized here.</summary>
    public virtual string? WhyNotTokenized(TokenizeTexts command) => null;

    /// <summary>Time after which a batch that has not come back is given up.</summary>
    public virtual TimeSpan PatienceFor(Batch batch, Pace pace, SchedulingOptions options) => options.BatchTimeout;

    /// <summary>The worker is a child of the child: when it hangs or keeps failing, the service has failed.</summary>
    public sealed record Local : RouterWiring
    {
        public override string ChildName => "inference-supervisor";
    }

    /// <summary>The workers are on other nodes: what is lost with one is given to another.</summary>
    public sealed record Remote(long MaxFrameBytes, int MaxLosses, TimeSpan ShortestPatience) : RouterWiring
    {
        // In bytes on the wire: count of tokens, flags, and length of the vector.
        private const int EmbeddingOverhead = 16;

        // At the worst each of a character's three bytes in UTF-8 becomes a token, whose id has four bytes on the wire; the
        // rest is for the pieces of the vocabulary.
        private const int TokenizedBytesPerCharacter = 16;

        public override string ChildName => "cluster-watch";

        /// <summary>What is served; by default what the first worker has.</summary>
        public ExpectedModel Expected { get; init; } = new(Name: null, Precision: null);

        /// <summary>A worker may answer what a router before this one asked: no two have ids in common.</summary>
        public override long FirstBatchId { get; } = (long)Random.Shared.Next() << CounterBits;

        /// <summary>A character has two bytes here and three on the wire at the most; the rest of the frame is for lengths and names.</summary>
        public override long MaxBatchBytes => MaxFrameBytes / 2;

        public override string? WhyRefused(ModelInfo announced, ModelInfo? served, SchedulingOptions options)
        {
            var resultBytes = (long)options.MaxTextsPerBatch * ((announced.Dimensions * sizeof(float)) + EmbeddingOverhead);
            if (resultBytes > MaxFrameBytes)
                return $"A batch of {options.MaxTextsPerBatch} vectors of {announced.Dimensions} dimensions has {resultBytes} bytes and does not fit into a frame of {MaxFrameBytes}.";
            if (Expected.WhyNot(announced) is { } reason)
                return reason;
            return served is null || served == announced
                ? null
                : $"It has {Describe(announced)}, but {Describe(served)} is served here.";
        }

        public override string? WhyNotTokenized(TokenizeTexts command)
        {
            var most = MaxFrameBytes / TokenizedBytesPerCharacter;
            var characters = command.Texts.Sum(text => (long)text.Length);
            return characters <= most ? null : $"The texts have {characters} characters; this cluster's frames take the tokens of {most} at most.";
        }

        public override TimeSpan PatienceFor(Batch batch, Pace pace, SchedulingOptions options) => pace.PatienceFor(batch, ShortestPatience);

        private static string Describe(ModelInfo model) =>
            $"{model.Id} ({model.Precision}, {model.Dimensions} dimensions, {model.MaxTokens} tokens, {model.Device}, sha256 {Shortened(model.Fingerprint) ?? "unknown"})";

        // Whatever another node says it is.
        private static string? Shortened(string? fingerprint) =>
            fingerprint?.Length > ExpectedModel.LeastDigits ? fingerprint[..ExpectedModel.LeastDigits] : fingerprint;
    }
}
