namespace ActorEmbed.Inference.Modules;

/// <summary>Scales vectors to length 1.</summary>
internal sealed class NormalizeModule : IVectorModule
{
    public int DimensionsAfter(int dimensions) => dimensions;

    public float[] Apply(float[] vector) => VectorNorm.Normalize(vector);
}
