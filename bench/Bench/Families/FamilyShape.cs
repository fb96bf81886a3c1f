using System.Text.Json;
using ActorEmbed.Inference;

namespace ActorEmbed.Bench.Families;

/// <summary>The shape of a model that people run. Speed and memory depend on it, not on the values of its weights.</summary>
/// <param name="Name">Of the repository, or of what stands in for one.</param>
/// <param name="Layers">Transformer layers.</param>
/// <param name="Hidden">Length of a token's vector.</param>
/// <param name="QueryWidth">Components of all heads of the queries.</param>
/// <param name="KeyWidth">Components of all heads of the keys.</param>
/// <param name="FeedForward">Width between the products of the feed-forward block.</param>
/// <param name="IsGated">Whether that block has a gate, of the same width.</param>
/// <param name="Vocabulary">Rows of the token table.</param>
/// <param name="MaxTokens">Tokens of the longest text.</param>
/// <param name="Config">What <c>config.json</c> says.</param>
/// <param name="Pooling">How token vectors become the vector of a text.</param>
/// <param name="Tensors">Names and shapes; those of normalisations end with a norm's name.</param>
/// <param name="IsHalf">Whether the weights are BF16.</param>
/// <param name="NormMean">What the factors of normalisations are stored near: 1, or 0 where their difference from 1 is stored.</param>
internal sealed record FamilyShape(
    string Name,
    int Layers,
    int Hidden,
    int QueryWidth,
    int KeyWidth,
    int FeedForward,
    bool IsGated,
    int Vocabulary,
    int MaxTokens,
    object Config,
    PoolingMode Pooling,
    IReadOnlyList<(string Name, long[] Shape)> Tensors,
    bool IsHalf = false,
    float NormMean = 1)
{
    /// <summary>Of the configuration: which family.</summary>
    public string ModelType => JsonSerializer.SerializeToElement(Config).GetProperty("model_type").GetString()!;

    /// <summary>Rows and columns of the dense products of a layer.</summary>
    public IReadOnlyList<(int Rows, int Columns)> Products =>
    [
        (Hidden, QueryWidth + (2 * KeyWidth)), (QueryWidth, Hidden), (Hidden, FeedForward * (IsGated ? 2 : 1)), (FeedForward, Hidden),
    ];

    /// <summary>Operations of the dense products, in 10^9 a token; attention is not counted.</summary>
    public double GigaOperationsPerToken => 2e-9 * Layers * Products.Sum(product => (double)product.Rows * product.Columns);
}
