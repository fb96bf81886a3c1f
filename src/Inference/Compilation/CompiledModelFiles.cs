namespace ActorEmbed.Inference.Compilation;

/// <summary>Names of the files of a compiled model.</summary>
internal static class CompiledModelFiles
{
    public const string Graph = "model.onnx";
    public const string Weights = "weights.bin";
    public const string Manifest = "manifest.json";
}
