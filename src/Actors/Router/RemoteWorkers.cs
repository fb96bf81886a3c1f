using System.Diagnostics.CodeAnalysis;
using ActorEmbed.Actors.Inference;
using ActorEmbed.Actors.Messages;
using ActorEmbed.Actors.Scheduling;
using ActorEmbed.Actors.WorkProtocol;
using ActorEmbed.Inference;

namespace ActorEmbed.Actors.Router;

/// <summary>The workers are on other nodes: what is lost with one is given to another.</summary>
/// <param name="MaxFrameBytes">Largest message between nodes.</param>
/// <param name="LossesPerText">Workers that a text may be lost with before it is rejected.</param>
/// <param name="ShortestPatience">Shortest time after which a batch counts as lost.</param>
internal sealed record RemoteWorkers(long MaxFrameBytes, int LossesPerText, TimeSpan ShortestPatience) : RouterPolicy
{
    // In bytes on the wire: count of tokens, flags, and length of the vector.
    private const int EmbeddingOverhead = 16;

    // At the worst each of a character's three bytes in UTF-8 becomes a token, whose id has four bytes on the wire; the
    // rest is for the pieces of the vocabulary.
    private const int TokenizedBytesPerCharacter = 16;

    // SentencePiece makes no piece of more than 16 characters, which are 64 bytes of UTF-8 at most.
    private const int DecodedBytesPerToken = 64;

    public override string ChildName => "cluster-watch";

    public override int MaxLosses => LossesPerText;

    /// <summary>What is served; by default what the first worker has.</summary>
    public ExpectedModel Expected { get; init; } = new(Name: null, Precision: null);

    /// <summary>A character has two bytes here and three on the wire at the most; the rest of the frame is for lengths and names.</summary>
    public override long MaxBatchBytes => MaxFrameBytes / 2;

    public override bool Accepts(ModelInfo announced, ModelInfo? served, BatchLimits limits, [NotNullWhen(false)] out string? whyNot)
    {
        var texts = limits.TextsOn(announced.Device);
        var resultBytes = (long)texts * ((announced.Dimensions * sizeof(float)) + EmbeddingOverhead);
        if (resultBytes > MaxFrameBytes)
        {
            whyNot = $"A batch of {texts} vectors of {announced.Dimensions} dimensions has {resultBytes} bytes and does not fit into a frame of {MaxFrameBytes}.";
            return false;
        }

        if (!Expected.Matches(announced, out whyNot))
            return false;
        whyNot = served is null || ModelIdentity.IsSame(served, announced) ? null : $"It has {Describe(announced)}, but {Describe(served)} is served here.";
        return whyNot is null;
    }

    /// <summary>Those of one long text would fill several frames.</summary>
    public override EmbedRejected? TokenVectorsRejection() =>
        new(RejectionReason.WrongKind, "The nodes of a cluster give no vectors of tokens; a server with a model of its own does.");

    public override bool CanTokenize(long characters, [NotNullWhen(false)] out string? whyNot)
    {
        var most = MaxFrameBytes / TokenizedBytesPerCharacter;
        whyNot = characters <= most ? null : $"The texts have {characters} characters; this cluster's frames take the tokens of {most} at most.";
        return whyNot is null;
    }

    public override bool CanDecode(long ids, [NotNullWhen(false)] out string? whyNot)
    {
        var most = MaxFrameBytes / DecodedBytesPerToken;
        whyNot = ids <= most ? null : $"There are {ids} token ids; this cluster's frames take the texts of {most} at most.";
        return whyNot is null;
    }

    public override TimeSpan PatienceFor(Batch batch, Pace pace, BatchLimits limits) => pace.PatienceFor(batch, ShortestPatience);

    public override void OnBatchFailed(string cause, InferenceWatch inference)
    {
        // Its node counts its failures, and asks when it can work again.
    }

    public override void OnBatchTimedOut(InFlightBatch late, BatchRecovery recovery, InferenceWatch inference) =>
        recovery.Lose(late, "its batch did not come back in time");

    public override void OnWorkerStopped(InferenceWatch inference)
    {
        // Others work on, and who counts them sees to the rest.
    }

    public override void OnRouterRestarted(InferenceWatch inference)
    {
        // They announce themselves again soon, and what they return of the former router's batches is not used.
    }

    public override void OnWorkersChanged(WorkerRegistry workers, ServiceHealth health) =>
        health.OnServing(workers.ServingCount > 0, workers.RefusalReason);

    private static string Describe(ModelInfo model) =>
        $"{model.Id} ({(model.Kind == ModelKind.Reranker ? "reranker, " : "")}{model.Precision}, {model.Dimensions} dimensions, {model.MaxTokens} tokens, {model.Device}, {model.Prompts.All.Count} prompts, default {model.Prompts.DefaultName ?? "none"}, sha256 {Shortened(model.Fingerprint) ?? "unknown"})";

    // Whatever another node says it is.
    private static string? Shortened(string? fingerprint) =>
        fingerprint?.Length > ExpectedModel.LeastDigits ? fingerprint[..ExpectedModel.LeastDigits] : fingerprint;
}
