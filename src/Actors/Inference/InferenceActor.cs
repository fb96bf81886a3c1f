using System.Numerics.Tensors;
using ActorEmbed.Actors.WorkProtocol;
using ActorEmbed.Inference;
using Akka.Actor;
using Akka.Pattern;

namespace ActorEmbed.Actors.Inference;

/// <summary>
/// Owns the model and runs one batch at a time, blocking the thread of inference. It pulls: it asks for work when it is free.
/// A failure is told to the router and then thrown, so that the supervisor starts a fresh actor with a fresh session.
/// </summary>
internal sealed class InferenceActor : ReceiveActor
{
    /// <summary>What a fresh session embeds before it is called ready. Any text will do: what counts is that a vector, or a score, comes out.</summary>
    internal const string ProbeText = "ready";

    private readonly Func<IEmbeddingModel> _loadModel;
    private readonly IActorRef _router;
    private ModelLoad? _load;
    private IEmbeddingModel? _model;
    private IActorRef? _tokenizer;
    private bool _isGoingToSleep;
    private bool _isToWake;
    private bool _hasSucceeded;

    public InferenceActor(Func<IEmbeddingModel> loadModel, IActorRef router)
    {
        _loadModel = loadModel;
        _router = router;
        Receive<LoadModel>(_ => Load());
        Receive<ModelLoad.Ended>(ended => OnLoadEnded(ended.Load));
        Receive<EmbedBatch>(Embed);
        Receive<SleepWorker>(_ => Sleep());
        Receive<WakeWorker>(_ => Wake());
        Receive<Terminated>(_ => OnTokenizerStopped());
    }

    protected override void PreStart() => Self.Tell(LoadModel.Instance);

    protected override void PostStop()
    {
        _load?.Abandon();
        _model?.Dispose();
    }

    private void Load()
    {
        _router.Tell(LoadStarted.Instance);
        _load = new ModelLoad(_loadModel, Self);
    }

    private void OnLoadEnded(ModelLoad load)
    {
        _load = null;
        try
        {
            _model = load.Result;
            EmbedChecked([_model.Info.Kind == ModelKind.Reranker ? EmbeddingInput.FromPair(ProbeText, ProbeText) : ProbeText]);
        }
        catch (Exception e)
        {
            _router.Tell(new LoadFailed(e.Message, IsPermanent: e is ModelLoadException));
            throw;
        }

        _tokenizer = Context.ActorOf(TokenizerActor.Props(_model), "tokenizer");
        _router.Tell(new WorkerReady(_model.Info, _tokenizer));
        _router.Tell(RequestWork.Instance);
    }

    /// <summary>What the tokenizer holds of the model is given up with it, so it goes first.</summary>
    private void Sleep()
    {
        if (_tokenizer is not { } tokenizer || _isGoingToSleep)
            return;
        _isGoingToSleep = true;
        Context.Watch(tokenizer);
        Context.Stop(tokenizer);
    }

    private void OnTokenizerStopped()
    {
        _model?.Dispose();
        (_model, _tokenizer) = (null, null);
        if (_isToWake)
            Load();
        else
            ProcessMemory.GiveBack();
        (_isGoingToSleep, _isToWake) = (false, false);
    }

    private void Wake()
    {
        if (_isGoingToSleep)
            _isToWake = true;
        else if (_model is null && _load is null)
            Load();
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
            var expected = texts[i].EachToken ? embedding.TokenCount * _model.Info.TokenDimensions : _model.Info.Dimensions;
            if (embedding.Vector.Length != expected)
                throw new InferenceException($"The model gave a vector of {embedding.Vector.Length} dimensions instead of {expected}.");
            // Of a text without tokens there are no numbers at all.
            if (embedding.Vector.Length > 0 && !TensorPrimitives.IsFiniteAll(embedding.Vector))
                throw new InferenceException("The model gave a vector that is not finite (NaN or infinity).");
        }

        return embeddings;
    }

    private sealed record LoadModel : INoSerializationVerificationNeeded
    {
        public static readonly LoadModel Instance = new();
    }
}
