using System.Numerics.Tensors;
using ActorEmbed.Actors.WorkProtocol;
using ActorEmbed.Inference;
using Akka.Actor;
using Akka.Pattern;

namespace ActorEmbed.Actors.Inference;

/// <summary>
/// Owns the model and runs one batch at a time, blocking its own thread. It pulls: it asks for work when it is free.
/// A failure is told to the router and then thrown, so that the supervisor starts a fresh actor with a fresh session.
/// </summary>
internal sealed class InferenceActor : ReceiveActor
{
    /// <summary>What a fresh session embeds before it is called ready. Any text will do: what counts is that a vector, or a score, comes out.</summary>
    internal const string ProbeText = "ready";

    private readonly Func<IEmbeddingModel> _loadModel;
    private readonly IActorRef _router;
    private IEmbeddingModel? _model;
    private bool _hasSucceeded;

    public InferenceActor(Func<IEmbeddingModel> loadModel, IActorRef router)
    {
        _loadModel = loadModel;
        _router = router;
        Receive<LoadModel>(_ => Load());
        Receive<EmbedBatch>(Embed);
    }

    protected override void PreStart() => Self.Tell(LoadModel.Instance);

    protected override void PostStop() => _model?.Dispose();

    private void Load()
    {
        _router.Tell(LoadStarted.Instance);
        try
        {
            _model = _loadModel();
            EmbedChecked([_model.Info.Kind == ModelKind.Reranker ? EmbeddingInput.FromPair(ProbeText, ProbeText) : ProbeText]);
        }
        catch (Exception e)
        {
            _router.Tell(new LoadFailed(e.Message, IsPermanent: e is ModelLoadException));
            throw;
        }

        _router.Tell(new WorkerReady(_model.Info, Context.ActorOf(TokenizerActor.Props(_model), "tokenizer")));
        _router.Tell(RequestWork.Instance);
    }

    private void Embed(EmbedBatch batch)
    {
        IReadOnlyList<TextEmbedding> embeddings;
        try
        {
            embeddings = EmbedChecked(batch.Texts.Select(t => t.Text).ToArray());
        }
        catch (Exception e)
        {
            _router.Tell(new BatchFailed(batch.BatchId, e.Message));
            throw;
        }

        if (!_hasSucceeded)
        {
            // The supervisor's pause goes back to its shortest only after a real batch: a model may survive the probe and nothing else.
            Context.Parent.Tell(BackoffSupervisor.Reset.Instance);
            _hasSucceeded = true;
        }

        _router.Tell(new BatchEmbedded(batch.BatchId, embeddings.Select((embedding, i) => batch.Texts[i].Normalize && !embedding.IsTooLong
            ? embedding with { Vector = VectorNorm.Normalize(embedding.Vector) }
            : embedding).ToArray()));
        _router.Tell(RequestWork.Instance);
    }

    private IReadOnlyList<TextEmbedding> EmbedChecked(EmbeddingInput[] texts)
    {
        var embeddings = _model!.Embed(texts);
        if (embeddings.Count != texts.Length)
            throw new InferenceException($"The model gave {embeddings.Count} vectors for {texts.Length} texts.");
        for (var i = 0; i < texts.Length; i++)
        {
            var embedding = embeddings[i];
            if (embedding.IsTooLong && !texts[i].Truncate)
                continue;
            if (embedding.Vector.Length != _model.Info.Dimensions)
                throw new InferenceException($"The model gave a vector of {embedding.Vector.Length} dimensions instead of {_model.Info.Dimensions}.");
            if (!TensorPrimitives.IsFiniteAll(embedding.Vector))
                throw new InferenceException("The model gave a vector that is not finite (NaN or infinity).");
        }

        return embeddings;
    }

    private sealed record LoadModel : INoSerializationVerificationNeeded
    {
        public static readonly LoadModel Instance = new();
    }
}
