namespace ActorEmbed.Inference.Compilation.Cache;

/// <summary>Names of the files of a compiled model.</summary>
internal static class CompiledModelFiles
{
    public const string Graph = "model.onnx";
    public const string Weights = "weights.bin";
    public const string Manifest = "manifest.json";
}
