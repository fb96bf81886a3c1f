namespace ActorEmbed.Inference.Tokenization;

internal static class TokenizerLoader
{
    public static ITextTokenizer Load(string modelDirectory, int maxTokens) => throw new ModelLoadException(modelDirectory + maxTokens);
}
