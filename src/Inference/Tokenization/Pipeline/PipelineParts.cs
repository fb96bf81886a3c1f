using ActorEmbed.Inference.Tokenization.Pipeline.Decoders;
using ActorEmbed.Inference.Tokenization.Pipeline.Models;
using ActorEmbed.Inference.Tokenization.Pipeline.Normalizers;
using ActorEmbed.Inference.Tokenization.Pipeline.PostProcessors;
using ActorEmbed.Inference.Tokenization.Pipeline.PreTokenizers;

namespace ActorEmbed.Inference.Tokenization.Pipeline;

/// <summary>What a <see cref="PipelineTokenizer"/> is made of.</summary>
internal sealed record PipelineParts(IPieceModel Model, AddedVocabulary Added)
{
    public INormalizer Normalizer { get; init; } = new NormalizerSequence();

    public IPreTokenizer PreTokenizer { get; init; } = new PreTokenizerSequence();

    public PostProcessor PostProcessor { get; init; } = PostProcessor.None;

    /// <summary>Pieces back to a text; null where that is not known.</summary>
    public ITokenDecoder? Decoder { get; init; }

    /// <summary>Whether some part has to know where in the text a piece stands.</summary>
    public bool NeedsAlignment { get; init; }

    /// <summary>The end of a text that is cut off.</summary>
    public TruncationSide Side { get; init; }

    /// <summary>The id that fills up a row of a padded batch.</summary>
    public int PaddingId { get; init; }
}
