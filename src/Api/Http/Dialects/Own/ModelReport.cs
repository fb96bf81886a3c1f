using System.Text.Json;
using ActorEmbed.Actors.Messages;
using ActorEmbed.Api.Http.Errors;
using ActorEmbed.Inference;

namespace ActorEmbed.Api.Http.Dialects.Own;

/// <summary>What <c>GET /info</c> tells of a model; null where that is not told of it.</summary>
internal sealed record ModelReport
{
    public string? Name { get; private init; }

    /// <summary>As <c>/health</c> says it.</summary>
    public string? Status { get; private init; }

    public string? Reason { get; private init; }

    public string? ModelId { get; private init; }

    public ModelKind? Kind { get; private init; }

    public int? Dim { get; private init; }

    public string? Device { get; private init; }

    /// <summary>Of the server, where the report is about that too.</summary>
    public string? Version { get; init; }

    public int? Pid { get; init; }

    public int? MaxTokens { get; private init; }

    public string? Source { get; private init; }

    public string? Pooling { get; private init; }

    /// <summary>Of a reranker.</summary>
    public ScoreActivation? ScoreActivation { get; private init; }

    public string? Assumption { get; private init; }

    public IReadOnlyDictionary<string, string>? Prompts { get; private init; }

    public string? DefaultPromptName { get; private init; }

    public IReadOnlyList<int>? MatryoshkaDimensions { get; private init; }

    public Precision? Precision { get; private init; }

    /// <summary>Whether it was closed, as nobody had asked for it, and the next request opens it again.</summary>
    public bool Asleep { get; private init; }

    public object? Queue { get; private init; }

    public double TokensPerSecond { get; private init; }

    public ServiceCounters? Counters { get; private init; }

    public object? Nodes { get; private init; }

    public ServerOptions? Settings { get; init; }

    public IReadOnlyList<ModelReport>? Models { get; init; }

    /// <summary>Of a model that has been loaded.</summary>
    public static ModelReport Of(ServedModel served, ServiceStatus status, bool isNode) => new()
    {
        Name = served.Name,
        ModelId = status.Model?.Id,
        Kind = status.Model?.Kind,
        Dim = status.Model?.Dimensions,
        Device = status.Model?.Device,
        Precision = status.Model?.Precision,
        MaxTokens = status.Model?.MaxTokens,
        Source = status.Model?.Source,
        Pooling = status.Model?.Pooling,
        ScoreActivation = status.Model is { Kind: ModelKind.Reranker } reranker ? reranker.ScoreActivation : null,
        Assumption = status.Model?.Assumption,
        Prompts = status.Model?.Prompts.All.ToDictionary(prompt => prompt.Name, prompt => prompt.Text),
        DefaultPromptName = status.Model?.Prompts.DefaultName,
        MatryoshkaDimensions = status.Model?.Matryoshka.All,
        Asleep = status.IsAsleep,
        Queue = new { requests = status.QueuedRequests, texts = status.QueuedTexts, bytes = status.QueuedBytes },
        TokensPerSecond = Math.Round(status.TokensPerSecond, 1),
        Counters = status.Counters,
        Nodes = isNode ? status.Workers.Select(NodeOf) : null,
    };

    /// <summary>Of one of several, whatever its state.</summary>
    public static ModelReport OfOne(ServedModel served, ServiceStatus status, bool isNode) => Of(served, status, isNode) with
    {
        ModelId = status.Model?.Id ?? served.Id,
        Status = ModelHealth.StatusOf(status),
        Reason = status.Reason is { } reason ? PublicReason.Of(reason) : null,
    };

    private static object NodeOf(WorkerStatus worker) => new
    {
        address = worker.Node,
        state = JsonNamingPolicy.SnakeCaseLower.ConvertName(worker.State.ToString()),
        reason = worker.Reason is { } reason ? PublicReason.Of(reason) : null,
        model_id = worker.Model.Id,
        precision = JsonNamingPolicy.SnakeCaseLower.ConvertName(worker.Model.Precision.ToString()),
        sha256 = worker.Model.Fingerprint,
        batches = worker.Batches,
        texts = worker.Texts,
        lost_batches = worker.Lost,
        seconds_since_seen = Math.Round(worker.LastSeen.TotalSeconds, 1),
    };
}
