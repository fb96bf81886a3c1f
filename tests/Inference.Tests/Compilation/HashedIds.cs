using ActorEmbed.Inference.Tokenization;

namespace ActorEmbed.Inference.Tests.Compilation;

/// <summary>Ids for calibration texts, where the model's weights are random and no tokenizer belongs to them.</summary>
internal sealed class HashedIds(int vocabulary) : ITextTokenizer
{
    public int PaddingId => 1;

    public TokenizedText Tokenize(string text) =>
        new([.. text.Chunk(3).Select(part => 3 + part.Sum(c => c) % (vocabulary - 3)).Take(100)], IsTruncated: false);
}
