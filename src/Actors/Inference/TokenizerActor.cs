using ActorEmbed.Actors.Messages;
using ActorEmbed.Inference;
using Akka.Actor;

namespace ActorEmbed.Actors.Inference;

/// <summary>
/// Tokenizes for those who want ids and no vectors. It stands beside the inference actor, which is busy for the length
/// of a batch, and where the model is: the router's node may have none.
/// </summary>
internal sealed class TokenizerActor : ReceiveActor
{
    private readonly IEmbeddingModel _model;

    /// <param name="model">Only what is safe for concurrent use is used of it.</param>
    public TokenizerActor(IEmbeddingModel model)
    {
        _model = model;
        // A request may be megabytes: it takes a thread of the pool, and the next one does not wait for it.
        Receive<TokenizeTexts>(command => Task.Run(() => Tokenize(command)).PipeTo(Sender));
    }

    public static Props Props(IEmbeddingModel model) => Akka.Actor.Props.Create(() => new TokenizerActor(model)).WithDeploy(Deploy.Local);

    private EmbedReply Tokenize(TokenizeTexts command)
    {
        try
        {
            var ids = new int[command.Texts.Count][];
            var pieces = new Dictionary<int, TokenPiece>();
            for (var i = 0; i < ids.Length; i++)
            {
                command.Cancellation.ThrowIfCancellationRequested();
                ids[i] = _model.Tokenize(command.Texts[i]);
                foreach (var id in ids[i])
                {
                    if (!pieces.ContainsKey(id))
                        pieces.Add(id, _model.PieceOf(id));
                }
            }

            return new TextsTokenized(ids, pieces);
        }
        catch (OperationCanceledException)
        {
            return EmbedRejected.Cancelled;
        }
        catch (Exception e)
        {
            return new EmbedRejected(RejectionReason.TextFailed, $"Tokenizing failed: {e.Message}");
        }
    }
}
