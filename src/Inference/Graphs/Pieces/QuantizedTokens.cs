namespace ActorEmbed.Inference.Graphs.Pieces;

/// <summary>Tokens as bytes, by the names of their values in the graph.</summary>
/// <param name="Bytes">uint8 [T, width].</param>
/// <param name="Scales">float [T, 1].</param>
/// <param name="ZeroPoint">The byte that stands for zero.</param>
internal readonly record struct QuantizedTokens(string Bytes, string Scales, byte ZeroPoint);
