using ActorEmbed.Actors.Messages;
using ActorEmbed.Actors.WorkProtocol;
using ActorEmbed.Inference;
using Akka.Actor;

namespace ActorEmbed.Actors.Inference;

/// <summary>
/// Makes ids of texts, and texts of ids, for those who want no vectors. It stands beside the inference actor, which is busy for the length
/// of a batch, and where the model is: the router's node may have none. Its routers bound what may wait for it.
/// </summary>
internal sealed class TokenizerActor : ReceiveActor
{
    private readonly IEmbeddingModel _model;
    private readonly Queue<(object Command, IActorRef Asker)> _waiting = [];
    private int _running;

    /// <param name="model">Only what is safe for concurrent use is used of it.</param>
    public TokenizerActor(IEmbeddingModel model)
    {
        _model = model;
        Receive<Tokenize>(Enqueue);
        Receive<Decode>(Enqueue);
        Receive<Ended>(_ =>
        {
            _running--;
            StartNext();
        });
    }

    public static Props Props(IEmbeddingModel model) => Akka.Actor.Props.Create(() => new TokenizerActor(model)).WithDeploy(Deploy.Local);

    protected override void PostStop()
    {
        foreach (var (_, asker) in _waiting)
            asker.Tell(new EmbedRejected(RejectionReason.Overloaded, "The tokenizer has stopped."));
    }

    private void Enqueue(object command)
    {
        _waiting.Enqueue((command, Sender));
        StartNext();
    }

    private void StartNext()
    {
        // A request may be megabytes: each takes a thread of the pool, and few at a time.
        while (_running < Tokenize.MostAtOnce && _waiting.TryDequeue(out var next))
        {
            _running++;
            var self = Self;
            Task.Run(() =>
            {
                next.Asker.Tell(Run(next.Command), self);
                self.Tell(Ended.Instance);
            });
        }
    }

    private object Run(object command)
    {
        try
        {
            return command is Decode decode ? Run(decode) : Run((Tokenize)command);
        }
        catch (OperationCanceledException)
        {
            return EmbedRejected.Cancelled;
        }
        catch (Exception e)
        {
            return new EmbedRejected(RejectionReason.TextFailed, $"{(command is Decode ? "Decoding" : "Tokenizing")} failed: {e.Message}");
        }
    }

    private Decoded Run(Decode command)
    {
        var texts = new string[command.Texts.Count];
        for (var i = 0; i < texts.Length; i++)
        {
            command.Cancellation.ThrowIfCancellationRequested();
            texts[i] = _model.Decode(command.Texts[i], command.SkipsSpecialTokens);
        }

        return new Decoded(texts);
    }

    private object Run(Tokenize command)
    {
        if (!_model.Info.Prompts.TryFind(command.Prompt, out var prompt, out var whyNot))
            return new EmbedRejected(RejectionReason.UnknownPrompt, $"There is no prompt '{command.Prompt!.Name}' here: {whyNot}.");
        var texts = new TextTokens[command.Texts.Count];
        var pieces = new Dictionary<int, TokenPiece>();
        for (var i = 0; i < texts.Length; i++)
        {
            command.Cancellation.ThrowIfCancellationRequested();
            texts[i] = _model.Tokenize(prompt?.Text + command.Texts[i], command.Cancellation);
            foreach (var id in texts[i].Ids)
            {
                if (!pieces.ContainsKey(id))
                    pieces.Add(id, _model.PieceOf(id));
            }
        }

        return new Tokenized(texts, pieces);
    }

    private sealed record Ended : INoSerializationVerificationNeeded
    {
        public static readonly Ended Instance = new();
    }
}
