namespace ActorEmbed.Inference.Repositories;

/// <summary>What an ONNX file says of itself without its numbers.</summary>
/// <param name="Inputs">Names of what a run has to be given.</param>
/// <param name="Outputs">Names of what a run gives.</param>
/// <param name="DataFiles">
/// The files beside it that hold tensors of it, as it names them: relative to its directory, each once, in order.
/// </param>
internal sealed record OnnxOutline(
    IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs, IReadOnlyList<string> DataFiles);
