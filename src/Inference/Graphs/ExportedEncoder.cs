using ActorEmbed.Inference.Weights.Exported;

namespace ActorEmbed.Inference.Graphs;

/// <summary>Opens an encoder whose weights lie in an exported graph. That graph can run itself: nothing here is an error.</summary>
internal static class ExportedEncoder
{
    /// <inheritdoc cref="IEncoderFamily.TryOpen" />
    public static IEncoderWriter? TryOpen(IEncoderFamily family, ExportedWeights weights, EncoderArchitecture architecture, out string whyNot)
    {
        if (!weights.Graph.IsInOrder)
        {
            whyNot = "its operators are not in order";
            return null;
        }

        try
        {
            return family.TryOpen(weights, architecture, out whyNot);
        }
        catch (ModelLoadException e)
        {
            whyNot = e.Message.TrimEnd('.');
            return null;
        }
    }
}
