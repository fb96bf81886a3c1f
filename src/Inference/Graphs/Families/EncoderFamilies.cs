using ActorEmbed.Inference.Graphs.Families.Bert;
using ActorEmbed.Inference.Graphs.Families.DistilBert;
using ActorEmbed.Inference.Graphs.Families.Gemma3;
using ActorEmbed.Inference.Graphs.Families.GteNew;
using ActorEmbed.Inference.Graphs.Families.ModernBert;
using ActorEmbed.Inference.Graphs.Families.MpNet;
using ActorEmbed.Inference.Graphs.Families.NomicBert;
using ActorEmbed.Inference.Graphs.Families.Qwen3;
using ActorEmbed.Inference.Graphs.Families.XlmRoberta;

namespace ActorEmbed.Inference.Graphs.Families;

/// <summary>The families that can be compiled.</summary>
internal static class EncoderFamilies
{
    private static readonly IEncoderFamily[] All =
    [
        new BertFamily(), new XlmRobertaFamily(), new DistilBertFamily(), new MpNetFamily(),
        new NomicBertFamily(), new GteNewFamily(), new ModernBertFamily(), new Qwen3Family(), new Gemma3Family(),
    ];

    /// <summary>Every <c>model_type</c> that is known, in order.</summary>
    public static IReadOnlyList<string> ModelTypes { get; } = [.. All.SelectMany(family => family.ModelTypes).Order(StringComparer.Ordinal)];

    /// <summary>The family of a configuration, or null.</summary>
    public static IEncoderFamily? Find(EncoderConfig config) =>
        Array.Find(All, family => family.ModelTypes.Contains(config.ModelType));
}
