using ActorEmbed.Inference.Graphs;
using ActorEmbed.Inference.Graphs.Pieces;
using ActorEmbed.Inference.Weights;

namespace ActorEmbed.Inference.Modules;

/// <summary>
/// Reads the classifier of a reranker as modules after the pooling: a ten thousandth of the work, in single precision
/// whatever the encoder has, and each pair by itself.
/// </summary>
internal static class ClassifierModules
{
    /// <param name="head">Names of the tensors.</param>
    /// <param name="weightsPaths">The safetensors of the whole model.</param>
    /// <param name="hidden">Length of the encoder's vectors.</param>
    /// <exception cref="ModelLoadException">A tensor is missing, or of another shape.</exception>
    public static IReadOnlyList<IVectorModule> Read(ClassifierHead head, IReadOnlyList<string> weightsPaths, int hidden)
    {
        using var files = new SafetensorsFiles(weightsPaths);
        var tensors = new EncoderTensors(files, prefix: "");
        List<IVectorModule> modules = [Dense(tensors, head.Dense, hidden, hidden, head.Activation)];
        if (head.Norm is { } norm)
        {
            var (factors, shifts) = tensors.ReadFactors(norm, hidden);
            modules.Add(new LayerNormModule(norm, factors, shifts.Length > 0 ? shifts : new float[hidden], head.NormEpsilon));
        }

        modules.Add(Dense(tensors, head.Output, hidden, outputs: 1, VectorActivation.Identity));
        return modules;
    }

    private static DenseModule Dense(EncoderTensors tensors, string name, int inputs, int outputs, VectorActivation activation) => new(
        name,
        tensors.Read(name + ".weight", outputs, inputs),
        tensors.Has(name + ".bias") ? tensors.Read(name + ".bias", outputs) : [],
        inputs,
        activation);
}
