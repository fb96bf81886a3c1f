namespace ActorEmbed.Inference.Tokenization.Pipeline.PreTokenizers;

/// <summary>Several pre-tokenizers, one after the other.</summary>
internal sealed class PreTokenizerSequence(params IReadOnlyList<IPreTokenizer> preTokenizers) : IPreTokenizer
{
    public void PreTokenize(PreTokenizedText text)
    {
        foreach (var preTokenizer in preTokenizers)
            preTokenizer.PreTokenize(text);
    }
}
