using System.Text.RegularExpressions;

namespace ActorEmbed.Inference.Weights.Exported;

/// <summary>
/// Names of the tensors of a graph as the model's own file has them. Exporters keep them for tables, norms and biases, and
/// number the weights of products (<c>onnx::MatMul_123</c>), whose names follow from the bias or from the operator.
/// </summary>
internal static partial class ExportedNames
{
    private const string Weight = ".weight", Bias = ".bias";

    public static Dictionary<string, TensorPart> Of(ExportedGraph graph, IReadOnlyList<ExportedProduct> products)
    {
        var parts = new Dictionary<string, TensorPart>(StringComparer.Ordinal);
        foreach (var name in graph.TensorNames)
        {
            if (graph.PartOf(name) is { } part)
                parts[name] = part;
        }

        foreach (var product in products)
        {
            if (product.Bias is { } bias && bias.Stored.Name.EndsWith(Bias, StringComparison.Ordinal))
                parts[bias.Stored.Name[..^Bias.Length] + Weight] = product.Weights;
            else if (product.Weights.Stored.Name.EndsWith(Weight, StringComparison.Ordinal))
                parts[product.Weights.Stored.Name] = product.Weights;
            else if (ModulePath().Match(product.Node.Name) is { Success: true } path)
                parts[path.Groups[1].Value.Replace('/', '.') + Weight] = product.Weights;
        }

        return parts;
    }

    /// <summary>Such as <c>/layers.0/mlp/Wo/MatMul</c>.</summary>
    [GeneratedRegex("^/(.+)/[A-Za-z]+(_[0-9]+)?$")]
    private static partial Regex ModulePath();
}
