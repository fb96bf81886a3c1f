using ActorEmbed.Actors.Inference;
using ActorEmbed.Actors.Messages;
using ActorEmbed.Actors.WorkProtocol;
using Akka.Actor;

namespace ActorEmbed.Actors.Router;

/// <summary>Hands requests for tokens to tokenizers, and sees to what comes back, or does not.</summary>
/// <param name="tokenizations">Those that wait, and those that a tokenizer has.</param>
/// <param name="requests">Who asked.</param>
/// <param name="workers">Whose tokenizers.</param>
/// <param name="health">Says whether they are there.</param>
/// <param name="memory">Knows the model.</param>
/// <param name="now">The router's clock.</param>
internal sealed class TokenizingResults(
    Tokenizations tokenizations, AcceptedRequests requests, WorkerRegistry workers, ServiceHealth health, RouterMemory memory, Func<TimeSpan> now)
{
    public void Dispatch(IActorRef router)
    {
        // While inference is being restarted, so is the tokenizer: what is sent to it then is lost.
        if (health.State == ServiceState.Ready)
            tokenizations.Dispatch(workers, router, now(), OnLost);
    }

    public void OnEnded(Tokenizations.Ended ended)
    {
        switch (ended.Reply)
        {
            case Tokenized or Decoded when tokenizations.Take(ended.AttemptId) is { } request:
                requests.Answer(request.Id, request.ToReply(memory.Model!, ended.Reply));
                break;
            case EmbedRejected { Reason: RejectionReason.Overloaded }:
                tokenizations.PutBackFromAway(ended.AttemptId);
                break;
            case EmbedRejected rejected when tokenizations.Take(ended.AttemptId) is { } request:
                requests.Answer(request.Id, rejected);
                break;
            default:
                OnLost(ended.AttemptId);
                break;
        }
    }

    /// <summary>Everything that a worker's tokenizer had went down with it.</summary>
    public void LoseAllOf(Worker worker)
    {
        foreach (var request in tokenizations.Lose(worker))
            Reject(request);
    }

    private void OnLost(long attemptId)
    {
        if (tokenizations.Take(attemptId) is { } request && !tokenizations.TryPutBack(request))
            Reject(request);
    }

    private void Reject(AcceptedTokenizing request) =>
        requests.Answer(request.Id, new EmbedRejected(RejectionReason.TextFailed, $"{request.Losses} tokenizers were lost with these texts."));
}
