using Microsoft.ML.OnnxRuntime;

namespace ActorEmbed.Inference.Encoders;

/// <summary>The output of a padded graph that is read.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsPooled">Whether it holds a vector for each text; otherwise one for each token.</param>
/// <param name="IsHalf">Whether its numbers are of half precision.</param>
/// <param name="Dimensions">Length of a vector.</param>
internal sealed record PaddedOutput(string Name, bool IsPooled, bool IsHalf, int Dimensions)
{
    private const int TokenRank = 3;
    private const int PooledRank = 2;

    /// <param name="path">For messages.</param>
    /// <param name="session">The graph.</param>
    /// <param name="prefersPooled">Whether a vector that the graph pools itself is better than our pooling of its tokens.</param>
    /// <param name="configured">Length of a vector by the configuration, for graphs that do not state it.</param>
    /// <exception cref="ModelLoadException">No output can be read.</exception>
    public static PaddedOutput Choose(string path, InferenceSession session, bool prefersPooled, int? configured)
    {
        // Exporters use one of two names for tokens; of a graph that uses neither, whatever is [batch, sequence, hidden].
        var tokens = Find(session, TokenRank).OrderByDescending(output => PaddedGraph.TokenOutputs.Contains(output.Key)).FirstOrDefault();
        var vectors = Find(session, PooledRank).ToList();
        var pooled = vectors.FirstOrDefault(output => output.Key == PaddedGraph.Pooled);
        // Beside tokens, another output of that rank may be a classifier's.
        if (pooled.Key is null && tokens.Key is null && vectors.Count == 1)
            pooled = vectors[0];

        var isPooled = pooled.Key is not null && (prefersPooled || tokens.Key is null);
        var (name, output) = isPooled ? pooled : tokens;
        if (name is null)
        {
            throw new ModelLoadException(
                $"{path}: the graph has no float output of shape [batch, sequence, hidden], and none of shape [batch, hidden] named {PaddedGraph.Pooled}.");
        }

        // A symbolic dimension reads as -1.
        var stated = output.Dimensions[^1] > 0 ? output.Dimensions[^1] : (int?)null;
        return new PaddedOutput(name, isPooled, output.ElementType == typeof(Float16), stated ?? configured
            ?? throw new ModelLoadException($"{path}: neither the graph nor the configuration says how many dimensions a vector has."));
    }

    /// <summary>The vectors of the tokens; null where the graph has none, or does not say how long they are.</summary>
    public static PaddedOutput? Tokens(InferenceSession session) =>
        Find(session, TokenRank).FirstOrDefault(output => PaddedGraph.TokenOutputs.Contains(output.Key)) is { Key: { } name, Value: var output } && output.Dimensions[^1] > 0
            ? new PaddedOutput(name, IsPooled: false, output.ElementType == typeof(Float16), output.Dimensions[^1])
            : null;

    /// <summary>What a graph that scores pairs gives.</summary>
    /// <param name="path">For messages.</param>
    /// <param name="session">The graph.</param>
    /// <exception cref="ModelLoadException">It has no such output, or one with several labels.</exception>
    public static PaddedOutput Logits(string path, InferenceSession session)
    {
        var (name, output) = Find(session, PooledRank).FirstOrDefault(output => output.Key == PaddedGraph.Logits);
        if (name is null)
            throw new ModelLoadException($"{path}: the graph has no float output '{PaddedGraph.Logits}' of shape [batch, 1], which a reranker needs.");
        return output.Dimensions[^1] is 1 or -1
            ? new PaddedOutput(name, IsPooled: true, output.ElementType == typeof(Float16), Dimensions: 1)
            : throw new ModelLoadException($"{path}: the output '{PaddedGraph.Logits}' has {output.Dimensions[^1]} labels; a reranker has one.");
    }

    private static IEnumerable<KeyValuePair<string, NodeMetadata>> Find(InferenceSession session, int rank) =>
        session.OutputMetadata.Where(output => output.Value.IsTensor && output.Value.Dimensions.Length == rank
                                               && (output.Value.ElementType == typeof(float) || output.Value.ElementType == typeof(Float16)));
}
