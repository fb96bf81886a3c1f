using ActorEmbed.Actors.Messages;
using ActorEmbed.Actors.WorkProtocol;
using ActorEmbed.Inference;
using Akka.Actor;

namespace ActorEmbed.Actors.Router;

/// <summary>What a router knows of one worker. Its state is the registry's to change.</summary>
internal sealed class Worker(IActorRef actor)
{
    public IActorRef Actor => actor;

    public required ModelInfo Model { get; set; }

    /// <summary>Answers <see cref="Tokenize"/> while the worker is busy.</summary>
    public required IActorRef Tokenizer { get; set; }

    /// <summary>Requests that its tokenizer has.</summary>
    public int Tokenizing { get; set; }

    /// <summary>Whether its tokenizer has said that it is not there for now; it is again when the worker announces itself.</summary>
    public bool IsTokenizerAway { get; set; }

    public WorkerState State { get; set; } = WorkerState.Announced;

    /// <summary>Why it gets no batches, where it gets none.</summary>
    public string? Reason { get; set; }

    /// <summary>On the router's clock.</summary>
    public TimeSpan LastSeen { get; set; }

    public long Batches { get; set; }

    public long Texts { get; set; }

    /// <summary>Batches that did not come back.</summary>
    public long Lost { get; set; }

    /// <summary>Whether requests can count on it.</summary>
    public bool IsServing => State is WorkerState.Announced or WorkerState.Free or WorkerState.Busy || IsModelClosed;

    /// <summary>Whether its model has to be opened before it can do anything.</summary>
    public bool IsModelClosed => State is WorkerState.Asleep or WorkerState.Waking;

    /// <summary>The place of its node; the router's own process has no address.</summary>
    public string Node => NodeAt(actor.Path.Address);

    /// <summary>Which of the processes that have had this address it is in; null where it does not tell.</summary>
    public int? Incarnation { get; } = NodeIncarnation.Of(actor.Path);

    /// <summary>An address as logs and status show it.</summary>
    public static string NodeAt(Address address) => address is { Host: { } host, Port: { } port } ? $"{host}:{port}" : "local";

    /// <summary>Its batch has come back, or was refused by its model; it will ask when it is free.</summary>
    public void OnReturned(int texts, TimeSpan now)
    {
        LastSeen = now;
        Batches++;
        Texts += texts;
        if (State == WorkerState.Busy)
            State = WorkerState.Announced;
    }

    public WorkerStatus ToStatus(TimeSpan now) => new(Node, State, Reason, Model, Batches, Texts, Lost, now - LastSeen);
}
