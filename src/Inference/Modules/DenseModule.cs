using System.Numerics.Tensors;

namespace ActorEmbed.Inference.Modules;

/// <summary>A dense product with an activation. Small beside the encoder, and each text by itself: no batch changes a bit of it.</summary>
/// <param name="name">How messages name it.</param>
/// <param name="weights">[outputs, inputs].</param>
/// <param name="bias">[outputs]; empty where there is none.</param>
/// <param name="inputs">Length of the vectors that come in.</param>
/// <param name="activation">What becomes of each output.</param>
internal sealed class DenseModule(string name, float[] weights, float[] bias, int inputs, VectorActivation activation) : IVectorModule
{
    private readonly int _outputs = weights.Length / inputs;

    public int DimensionsAfter(int dimensions) => dimensions == inputs
        ? _outputs
        : throw new ModelLoadException($"{name} takes vectors of {inputs} dimensions, but those before it have {dimensions}.");

    public float[] Apply(float[] vector)
    {
        var result = new float[_outputs];
        for (var row = 0; row < result.Length; row++)
            result[row] = TensorPrimitives.Dot(weights.AsSpan(row * inputs, inputs), vector);
        if (bias.Length > 0)
            TensorPrimitives.Add(result, bias, result);
        VectorActivations.Apply(activation, result);
        return result;
    }
}
