using ActorEmbed.Inference.Tokenization;

namespace ActorEmbed.Inference.Tests.Tokenization;

public sealed class DecodingTests
{
    private const string Text = "Hello, world! It's a na\u00EFve caf\u00E9 \u2014 \u6771\u4EAC 123.";

    /// <summary>Made with Hugging Face's package @huggingface/tokenizers 0.1.3, without the clean-up of a configuration.</summary>
    [Theory]
    // WordPiece, lower case: accents and unknown characters are gone for good.
    [InlineData("rerankers/bert-tiny", Text, "hello, world! it ' s a naive cafe 123.")]
    [InlineData("rerankers/bert-tiny", "don't do not", "don ' t do not")]
    [InlineData("families/bert-dense-tiny", Text, "Hello, world! It ' s a caf\u00E9 123.")]
    // ByteLevel: all of it comes back.
    [InlineData("families/modernbert-tiny", Text, Text)]
    [InlineData("families/modernbert-tiny", "  two  spaces\nand a line", "  two  spaces\nand a line")]
    [InlineData("families/roberta-prefix-tiny", "  two  spaces\nand a line", "  two  spaces\nand a line")]
    [InlineData("families/qwen3-tiny", Text, Text)]
    // Metaspace.
    [InlineData("xlmr-tiny", Text, Text)]
    [InlineData("xlmr-tiny", "  two  spaces\nand a line", "two spaces and a line")]
    // A sequence: Replace, ByteFallback, Fuse.
    [InlineData("families/gemma3-tiny", Text, Text)]
    [InlineData("families/gemma3-tiny", "  two  spaces\nand a line", "  two  spaces\nand a line")]
    [InlineData("static/model2vec-tiny", "  two  spaces\nand a line", "two spaces and a line")]
    public void A_text_comes_back_as_the_decoder_of_its_tokenizer_has_it(string model, string text, string expected)
    {
        var tokenizer = TokenizerLoader.Load(Path.Combine(AppContext.BaseDirectory, "data", model), 128);

        Assert.Equal(expected, tokenizer.Decode(tokenizer.Tokenize(text).Ids, skipsSpecialTokens: true));
    }

    [Fact]
    public void An_older_file_decodes_as_the_newer_one_beside_it()
    {
        var older = XlmRobertaTokenizer.Load(XlmrTiny.SentencePieceModel, XlmrTiny.MaxTokens);

        Assert.Equal(Text, older.Decode(older.Tokenize(Text).Ids, skipsSpecialTokens: true));
    }

    [Theory]
    [InlineData(true, "don't")]
    [InlineData(false, "<s> don't</s>")]
    public void Special_tokens_are_skipped_or_kept(bool skipsSpecialTokens, string expected) =>
        Assert.Equal(expected, TokenizerLoader.Load(XlmrTiny.Directory, XlmrTiny.MaxTokens).Decode(XlmrTiny.Ids("don't"), skipsSpecialTokens));

    [Fact]
    public void Bytes_that_are_no_character_become_replacement_characters()
    {
        var tokenizer = TokenizerLoader.Load(Path.Combine(AppContext.BaseDirectory, "data", "families/modernbert-tiny"), 128);
        var ids = tokenizer.Tokenize("\u6771").Ids;

        // Its three bytes without the last one, and the tokens around them.
        Assert.Equal("\uFFFD", tokenizer.Decode(ids[..^2], skipsSpecialTokens: true));
    }

    [Fact]
    public void No_ids_are_no_text() =>
        Assert.Equal("", TokenizerLoader.Load(XlmrTiny.Directory, XlmrTiny.MaxTokens).Decode([], skipsSpecialTokens: true));
}
