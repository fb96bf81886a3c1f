namespace ActorEmbed.Inference.Tokenization.Pipeline.Json;

/// <summary>Reads an added token as tokenizer.json and tokenizer_config.json write it.</summary>
internal static class AddedTokenReader
{
    public static AddedToken Read(JsonPart part)
    {
        var isSpecial = part.Flag("special");
        return new AddedToken(part.Text("content"))
        {
            IsSpecial = isSpecial,
            IsNormalized = part.Flag("normalized", absent: !isSpecial),
            IsSingleWord = part.Flag("single_word"),
            StripsLeft = part.Flag("lstrip"),
            StripsRight = part.Flag("rstrip"),
        };
    }
}
