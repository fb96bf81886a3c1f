using ActorEmbed.Inference.Files;
using ActorEmbed.Inference.Models;
using ActorEmbed.Inference.Repositories;
using ActorEmbed.Inference.Weights;

namespace ActorEmbed.Inference.Modules;

/// <summary>Reads the modules after the pooling.</summary>
internal static class VectorModules
{
    /// <exception cref="ModelLoadException">A file is missing, damaged, or asks for what is not supported.</exception>
    public static IReadOnlyList<IVectorModule> Read(ModelDescription description) =>
        [.. description.VectorModules.Select(module => Read(description.Root, module))];

    private static IVectorModule Read(string root, RepositoryModule module)
    {
        if (module.Type == ModuleKind.Normalize)
            return new NormalizeModule();
        var directory = Path.Combine([root, .. module.Path.Split('/')]);
        var config = JsonFile.ReadIfPresent(Path.Combine(directory, ModelFile.Configuration))
            ?? throw new ModelLoadException($"{Path.Combine(directory, ModelFile.Configuration)} is missing.");
        using var weights = new SafetensorsFile(Path.Combine(directory, SafetensorsIndex.SingleFile));
        return module.Type == ModuleKind.Dense ? ReadDense(module.Path, config, weights) : ReadLayerNorm(module.Path, weights);
    }

    private static DenseModule ReadDense(string name, JsonFile config, SafetensorsFile weights)
    {
        // Newer repositories say what goes through it; only the vector of the text stands there.
        foreach (var field in new[] { "module_input_name", "module_output_name" })
        {
            if (config.Text(field) is { } what and not "sentence_embedding")
                throw new ModelLoadException($"{config.Name}: {field} '{what}' is not supported; sentence_embedding is.");
        }

        var (inputs, outputs) = (Required(config, "in_features"), Required(config, "out_features"));
        return new DenseModule(
            name,
            Read(weights, "linear.weight", outputs, inputs),
            config.Flag("bias") is false ? [] : Read(weights, "linear.bias", outputs),
            inputs,
            VectorActivations.Read(config.Text("activation_function"), config.Name));
    }

    private static LayerNormModule ReadLayerNorm(string name, SafetensorsFile weights)
    {
        var length = weights.Find("norm.weight") is { Shape: [var only] } ? (int)only : 1;
        return new LayerNormModule(name, Read(weights, "norm.weight", length), Read(weights, "norm.bias", length));
    }

    private static int Required(JsonFile config, string field) =>
        config.Count(field) ?? throw new ModelLoadException($"{config.Name}: field '{field}' is missing.");

    private static float[] Read(SafetensorsFile weights, string name, params ReadOnlySpan<long> shape)
    {
        var tensor = weights.Find(name) ?? throw new ModelLoadException($"{weights.Path} has no tensor '{name}'.");
        return shape.SequenceEqual(tensor.Shape)
            ? weights.ReadFloats(tensor)
            : throw new ModelLoadException(
                $"{weights.Path}: tensor '{name}' has the shape [{string.Join(", ", tensor.Shape)}]; [{string.Join(", ", shape.ToArray())}] was expected.");
    }
}
