using ActorEmbed.Inference.Files;
using ActorEmbed.Inference.Graphs;

namespace ActorEmbed.Inference.Repositories;

/// <summary>How a repository is run and which of its files that takes: see <see cref="ModelPlanner"/>.</summary>
internal sealed record ModelPlan
{
    /// <summary>Files to have, the weights last.</summary>
    public required IReadOnlyList<string> Paths { get; init; }

    /// <summary>Files that have to be read before the plan can go on; empty when it is complete.</summary>
    public required IReadOnlyList<string> Unread { get; init; }

    /// <summary>What a model cannot do without and the repository does not have.</summary>
    public required IReadOnlyList<string> Missing { get; init; }

    /// <summary>
    /// Files that would have been chosen first, or that change how a model works, and are not available. A listing of the
    /// hub proves that they do not exist; a cache that another tool filled does not.
    /// </summary>
    public required IReadOnlyList<string> Absent { get; init; }

    /// <summary>Why the repository cannot be run here, a whole sentence that says what could be; null where it can.</summary>
    public required string? Refusal { get; init; }

    /// <summary>What is run; null where that is not known yet, or nothing can be.</summary>
    public required PlannedWeights? Weights { get; init; }

    /// <summary>Why no graph is made from its weights, as the end of a sentence; null where one is.</summary>
    public required string? WhyNotCompiled { get; init; }

    /// <summary>Files that the graph will probably name once it has been read.</summary>
    public IReadOnlyList<string> Likely { get; init; } = [];

    /// <summary>Whether the model is a table of token vectors and has no encoder.</summary>
    public bool IsTable { get; init; }

    /// <summary>Whether the model scores pairs and gives no vectors.</summary>
    public bool IsReranker { get; init; }

    /// <summary>The classifier of a reranker that is compiled; null otherwise.</summary>
    public ClassifierHead? Head { get; init; }

    /// <summary>Directory of the transformer module in the repository; empty for its root.</summary>
    public required string TransformerPath { get; init; }

    /// <summary>Its modules in order; empty where the repository names none.</summary>
    public required IReadOnlyList<RepositoryModule> Modules { get; init; }

    /// <summary><c>config.json</c> of the transformer; null where it has not been read.</summary>
    public required JsonFile? Config { get; init; }

    /// <summary>Configuration of the Pooling module; null where there is none.</summary>
    public required JsonFile? PoolingConfig { get; init; }

    /// <summary>The file that names the maximal length; null where there is none.</summary>
    public required string? SentenceConfigPath { get; init; }

    /// <summary>Whether everything that decides has been read and nothing stands against it.</summary>
    public bool IsRunnable => Unread.Count == 0 && Missing.Count == 0 && Refusal is null;
}
