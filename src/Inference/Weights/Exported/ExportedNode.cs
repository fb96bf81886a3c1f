namespace ActorEmbed.Inference.Weights.Exported;

/// <summary>An operator of an exported graph.</summary>
/// <param name="Place">Its number in the graph; what it needs comes before it.</param>
/// <param name="Operation">Such as <c>MatMul</c>.</param>
/// <param name="Name">Often the path of the module that it came from, such as <c>/layers.0/mlp/Wo/MatMul</c>.</param>
/// <param name="Inputs">Names of values; empty where one is left out.</param>
/// <param name="Outputs">Names of values.</param>
/// <param name="Numbers">Whole numbers of its attributes, by name.</param>
internal sealed record ExportedNode(
    int Place, string Operation, string Name, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs, IReadOnlyDictionary<string, List<long>> Numbers)
{
    /// <summary>An input's name; empty where it is left out.</summary>
    public string Input(int index) => index < Inputs.Count ? Inputs[index] : "";

    /// <summary>Whether an attribute is a number other than 0.</summary>
    public bool Flag(string attribute) => Numbers.TryGetValue(attribute, out var numbers) && numbers is [not 0];
}
