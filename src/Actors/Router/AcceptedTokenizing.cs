using ActorEmbed.Actors.Messages;
using ActorEmbed.Actors.Scheduling;
using ActorEmbed.Actors.WorkProtocol;
using ActorEmbed.Inference;
using Akka.Actor;

namespace ActorEmbed.Actors.Router;

/// <summary>A <see cref="TokenizeTexts"/> that was accepted.</summary>
/// <param name="id">Unique in its router.</param>
/// <param name="command">What was asked.</param>
/// <param name="replyTo">Who asked.</param>
/// <param name="times">When what happened to it.</param>
/// <param name="tokenizations">Where it waits.</param>
internal sealed class AcceptedTokenizing(long id, TokenizeTexts command, IActorRef replyTo, RequestTimes times, Tokenizations tokenizations)
    : AcceptedRequest(id, replyTo, times)
{
    public IReadOnlyList<string> Texts => command.Texts;

    public PromptChoice? Prompt => command.Prompt;

    public override int TextCount { get; } = command.Texts.Count;

    /// <summary>Memory of its texts.</summary>
    public long Bytes { get; } = command.Texts.Sum(TextWeight.BytesOf);

    /// <summary>Where it stands in the line, while it waits.</summary>
    public LinkedListNode<AcceptedTokenizing>? Place { get; set; }

    /// <summary>Cancelled when it is answered: a tokenizer that has it stops.</summary>
    public CancellationTokenSource Answered { get; } = new();

    /// <summary>Tokenizers that were lost with it.</summary>
    public int Losses { get; set; }

    public override EmbedRejected? Mismatch(ModelInfo model) => Admission.Mismatch(command, model);

    /// <param name="model">Whose tokens they are.</param>
    /// <param name="tokenized">What came back.</param>
    public TextsTokenized ToReply(ModelInfo model, Tokenized tokenized) => new(model, tokenized.Texts, tokenized.Pieces)
    {
        Prompt = model.Prompts.TryFind(command.Prompt, out var prompt, out _) && prompt is not null ? prompt.Text : "",
    };

    public override void Withdraw() => tokenizations.Remove(this);
}
