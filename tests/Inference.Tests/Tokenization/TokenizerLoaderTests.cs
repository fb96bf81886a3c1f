using ActorEmbed.Inference.Tokenization;

namespace ActorEmbed.Inference.Tests.Tokenization;

public sealed class TokenizerLoaderTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void A_sentencepiece_model_is_run_as_XLM_RoBERTa()
    {
        var tokenizer = TokenizerLoader.Load(XlmrTiny.Directory, 128);
        Assert.IsType<XlmRobertaTokenizer>(tokenizer);
        Assert.Equal(1, tokenizer.PaddingId);
    }

    [Fact]
    public void A_vocabulary_is_run_as_WordPiece_with_the_settings_of_its_config()
    {
        Write("vocab.txt", "<pad>\n<unk>\n<s>\n</s>\n<mask>\nHello\n");
        Write("tokenizer_config.json", """
            {"tokenizer_class":"MPNetTokenizerFast","do_lower_case":false,"strip_accents":null,"cls_token":"<s>","sep_token":"</s>",
             "pad_token":"<pad>","unk_token":{"content":"<unk>","lstrip":false},"mask_token":{"content":"<mask>","lstrip":true}}
            """);
        var tokenizer = TokenizerLoader.Load(_directory, 128);
        Assert.Equal([2, 5, 4, 1, 3], tokenizer.Tokenize("Hello <mask> hello").Ids);
    }

    [Fact]
    public void A_directory_without_a_tokenizer_is_an_error_that_names_the_files()
    {
        var error = Assert.Throws<ModelLoadException>(() => TokenizerLoader.Load(_directory, 128));
        Assert.Contains("tokenizer.json, sentencepiece.bpe.model, sentencepiece.model, spiece.model and vocab.txt", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sentencepiece.bpe.model", "BarthezTokenizer")]
    [InlineData("spiece.model", "AlbertTokenizer")]
    [InlineData("vocab.txt", "BertJapaneseTokenizer")]
    public void A_tokenizer_of_another_class_is_an_error(string file, string className)
    {
        Write(file, "");
        Write("tokenizer_config.json", $$"""{"tokenizer_class":"{{className}}"}""");
        var error = Assert.Throws<ModelLoadException>(() => TokenizerLoader.Load(_directory, 128));
        Assert.Contains(className, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_sentencepiece_model_of_unknown_class_and_common_name_is_an_error()
    {
        File.Copy(XlmrTiny.SentencePieceModel, Path.Combine(_directory, "sentencepiece.model"));
        Assert.Throws<ModelLoadException>(() => TokenizerLoader.Load(_directory, 128));
        Write("tokenizer_config.json", """{"tokenizer_class":"XLMRobertaTokenizerFast"}""");
        Assert.IsType<XlmRobertaTokenizer>(TokenizerLoader.Load(_directory, 128));
    }

    [Fact]
    public void A_vocabulary_without_its_special_tokens_is_an_error()
    {
        Write("vocab.txt", "hello\n");
        var error = Assert.Throws<ModelLoadException>(() => TokenizerLoader.Load(_directory, 128));
        Assert.Contains("[CLS]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_config_that_is_no_json_is_an_error()
    {
        Write("vocab.txt", "hello\n");
        Write("tokenizer_config.json", "{");
        Assert.Throws<ModelLoadException>(() => TokenizerLoader.Load(_directory, 128));
    }

    [Fact]
    public void No_room_for_text_is_an_error() =>
        Assert.Throws<ModelLoadException>(() => TokenizerLoader.Load(XlmrTiny.Directory, 2));

    private void Write(string file, string text) => File.WriteAllText(Path.Combine(_directory, file), text);
}
