namespace ActorEmbed.Inference.Operators;

/// <summary>Computes one node of a graph; several threads may call it at once.</summary>
internal abstract class OperatorKernel
{
    public abstract void Compute(OperatorCall call);
}
