using ActorEmbed.Inference.Files;
using ActorEmbed.Inference.Repositories;

namespace ActorEmbed.Inference.Models;

/// <summary>What the configuration files of a sentence-transformers repository say, checked.</summary>
internal sealed record ModelDescription
{
    /// <summary>Full id: <c>organisation/name</c> from a hub cache path, otherwise the directory's name.</summary>
    public required string Id { get; init; }

    /// <summary>The directory that holds <c>modules.json</c>.</summary>
    public required string Root { get; init; }

    /// <summary>The directory of the transformer module: configuration, tokenizer and weights.</summary>
    public required string TransformerDirectory { get; init; }

    /// <summary>How the repository is run.</summary>
    public required ModelPlan Plan { get; init; }

    /// <summary>How token vectors are pooled; several ways stand side by side.</summary>
    public required IReadOnlyList<PoolingMode> Pooling { get; init; }

    /// <summary>Whether the repository or the user says how to pool; otherwise it is assumed.</summary>
    public required bool IsPoolingKnown { get; init; }

    /// <summary>What had to be assumed of the pooling, a whole sentence; null where nothing had.</summary>
    public required string? Assumption { get; init; }

    /// <summary>Length of a vector, where the pooling configuration names it.</summary>
    public required int? Dimensions { get; init; }

    /// <summary>Most tokens of a text, special tokens included.</summary>
    public required int MaxTokens { get; init; }

    /// <summary>Position id of the first token of a text, for graphs that ask for positions.</summary>
    public required int FirstPosition { get; init; }

    /// <summary>The modules after the pooling, in order.</summary>
    public required IReadOnlyList<RepositoryModule> VectorModules { get; init; }

    /// <summary>What may be put before a text.</summary>
    public required ModelPrompts Prompts { get; init; }

    /// <summary>Whether the tokens of a prompt count in the pooling.</summary>
    public required bool PoolsPrompt { get; init; }

    /// <summary>What makes scores of a reranker's logits; null where the model gives vectors.</summary>
    public ScoreActivation? ScoreActivation { get; init; }

    /// <summary>The files with the weights, or with the graph and its data, the one that stands for them last.</summary>
    public IReadOnlyList<string> WeightsPaths => [.. Plan.Weights!.Files.Select(path => Path.Combine([Root, .. path.Split('/')]))];

    /// <summary>Shorter lengths that the repository names for its vectors.</summary>
    /// <param name="dimensions">Length of a whole vector.</param>
    /// <exception cref="ModelLoadException">The field is damaged.</exception>
    public MatryoshkaDimensions MatryoshkaOf(int dimensions) => MatryoshkaConfig.Read(
        dimensions, Plan.Config, JsonFile.ReadIfPresent(Path.Combine(Root, PromptConfig.FileName)));

    /// <summary>Says why, where the repository cannot be run.</summary>
    /// <exception cref="ModelLoadException">Something is missing, or not supported.</exception>
    public void RequireRunnable()
    {
        if (Plan.Refusal is { } refusal)
            throw new ModelLoadException($"{Root}: {refusal}");
        if (Plan.Missing.Count > 0)
            throw new ModelLoadException($"{Root}: {string.Join(", ", Plan.Missing)} is missing.");
    }
}
