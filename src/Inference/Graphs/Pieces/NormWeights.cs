namespace ActorEmbed.Inference.Graphs.Pieces;

/// <summary>One layer normalisation.</summary>
/// <param name="Gamma">[hidden] factor.</param>
/// <param name="Beta">[hidden] shift; empty where there is none.</param>
internal sealed record NormWeights(float[] Gamma, float[] Beta);
