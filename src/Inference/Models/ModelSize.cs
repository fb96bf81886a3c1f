using ActorEmbed.Inference.Repositories;
using ActorEmbed.Inference.Weights;

namespace ActorEmbed.Inference.Models;

/// <summary>How large a model is, for people who look at it.</summary>
/// <param name="Bytes">Of the files with its weights.</param>
/// <param name="Parameters">Floating-point numbers in them; null where only a graph knows.</param>
internal sealed record ModelSize(long Bytes, long? Parameters)
{
    /// <exception cref="ModelLoadException">A file is missing or damaged.</exception>
    public static ModelSize Of(ModelDescription description)
    {
        var paths = description.WeightsPaths;
        var bytes = paths.Sum(path => new FileInfo(path).ResolveLinkTarget(returnFinalTarget: true) is FileInfo target ? target.Length : new FileInfo(path).Length);
        return new ModelSize(bytes, description.Plan.Weights!.Kind is RunKind.Compiled or RunKind.Table ? paths.Sum(ParametersOf) : null);
    }

    private static long ParametersOf(string path)
    {
        using var file = new SafetensorsFile(path);
        return file.Names.Select(name => file.Find(name)!).Where(tensor => tensor.Type.IsFloatingPoint()).Sum(tensor => tensor.Elements);
    }
}
