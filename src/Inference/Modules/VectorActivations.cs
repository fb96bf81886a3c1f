using System.Numerics.Tensors;

namespace ActorEmbed.Inference.Modules;

/// <summary>The activations of Dense modules.</summary>
internal static class VectorActivations
{
    // By the last part of the Python class name.
    private static readonly Dictionary<string, VectorActivation> ByName = new(StringComparer.Ordinal)
    {
        ["Identity"] = VectorActivation.Identity,
        ["Tanh"] = VectorActivation.Tanh,
        ["GELU"] = VectorActivation.Gelu,
        ["ReLU"] = VectorActivation.Relu,
    };

    /// <param name="className">Such as <c>torch.nn.modules.activation.Tanh</c>; null for Tanh, the default of sentence-transformers.</param>
    /// <param name="file">How messages name the file that says so.</param>
    /// <exception cref="ModelLoadException">It is not one of these.</exception>
    public static VectorActivation Read(string? className, string file)
    {
        var name = className is null ? nameof(VectorActivation.Tanh) : className[(className.LastIndexOf('.') + 1)..];
        return ByName.TryGetValue(name, out var activation)
            ? activation
            : throw new ModelLoadException($"{file}: activation_function '{className}' is not supported; {string.Join(", ", ByName.Keys)} are.");
    }

    /// <summary>Changes each component.</summary>
    public static void Apply(VectorActivation activation, float[] vector)
    {
        switch (activation)
        {
            case VectorActivation.Tanh:
                TensorPrimitives.Tanh(vector, vector);
                break;
            case VectorActivation.Relu:
                TensorPrimitives.Max(vector, 0f, vector);
                break;
            case VectorActivation.Gelu:
                for (var i = 0; i < vector.Length; i++)
                    vector[i] = (float)(0.5 * vector[i] * (1 + ErrorFunction.Of(vector[i] / Math.Sqrt(2))));
                break;
            default:
                break;
        }
    }
}
