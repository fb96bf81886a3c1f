using ActorEmbed.Inference.Tokenization;
using ActorEmbed.Tests.Shared.Models;

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
    public void The_sentence_transformer_itself_may_lower_case()
    {
        Write("vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nhello\n");
        Write("tokenizer_config.json", """{"do_lower_case":false}""");
        Assert.Equal([2, 1, 3], TokenizerLoader.Load(_directory, 128).Tokenize("Hello").Ids);

        Write("sentence_bert_config.json", """{"max_seq_length":128,"do_lower_case":true}""");
        Assert.Equal([2, 5, 4, 3], TokenizerLoader.Load(_directory, 128).Tokenize("HELLO[MASK]").Ids);
    }

    [Fact]
    public void Added_tokens_of_a_config_are_found_where_there_is_a_vocabulary_only()
    {
        Write("vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nhello\n[unused1]\n");
        Write("tokenizer_config.json", """
            {"additional_special_tokens":["[unused1]"],
             "added_tokens_decoder":{"7":{"content":"[NEW]","lstrip":false,"rstrip":true,"single_word":false,"normalized":false,"special":false}}}
            """);
        var tokenizer = TokenizerLoader.Load(_directory, 128);

        Assert.Equal([2, 7, 5, 6, 3], tokenizer.Tokenize("[NEW] hello[unused1]").Ids);
        Assert.Equal(8, tokenizer.VocabularySize);
    }

    [Theory]
    [InlineData("PreTrainedTokenizerFast")]
    [InlineData("TokenizersBackend")]
    [InlineData("BertTokenizer")]
    public void What_tokenizer_json_says_counts_more_than_a_vocabulary_beside_it(string className)
    {
        foreach (var file in new[] { "tokenizer.json", "special_tokens_map.json" })
            File.Copy(Path.Combine(ReferenceTokenizers.DirectoryOf("bert-dense-tiny"), file), Path.Combine(_directory, file));
        Write("vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\n");
        Write("tokenizer_config.json", $$"""{"tokenizer_class":"{{className}}"}""");
        var tokenizer = TokenizerLoader.Load(_directory, 256);

        Assert.All(ReferenceTokenizers.TextsOf("bert-dense-tiny"), row => Assert.Equal(row.Ids, tokenizer.Tokenize(row.Text).Ids));
    }

    [Fact]
    public void XLM_RoBERTa_has_the_same_ids_from_either_of_its_files()
    {
        File.Copy(Path.Combine(XlmrTiny.Directory, "tokenizer.json"), Path.Combine(_directory, "tokenizer.json"));
        var ofJson = TokenizerLoader.Load(_directory, 128);
        var ofModel = TokenizerLoader.Load(XlmrTiny.Directory, 128);

        Assert.IsNotType<XlmRobertaTokenizer>(ofJson);
        foreach (var reference in ReferenceText.Of(TestModels.XlmrTiny))
        {
            Assert.Equal(reference.Ids, ofJson.Tokenize(reference.Text).Ids);
            Assert.Equal(ofJson.TokenizeWhole(reference.Text).Ids, ofModel.TokenizeWhole(reference.Text).Ids);
            Assert.Equal(ofJson.TokenizeWhole(reference.Text).Starts, ofModel.TokenizeWhole(reference.Text).Starts);
        }
    }

    [Fact]
    public void A_tokenizer_json_that_adds_a_token_is_read_though_the_sentencepiece_model_is_there()
    {
        File.Copy(XlmrTiny.SentencePieceModel, Path.Combine(_directory, "sentencepiece.bpe.model"));
        File.Copy(Path.Combine(XlmrTiny.Directory, "tokenizer.json"), Path.Combine(_directory, "tokenizer.json"));
        Assert.IsType<XlmRobertaTokenizer>(TokenizerLoader.Load(_directory, 128));

        Write("tokenizer_config.json", """{"added_tokens_decoder":{"8002":{"content":"<new>","lstrip":false,"rstrip":false,"single_word":false,"normalized":false,"special":true}}}""");
        Assert.Equal([0, 8002, 2], TokenizerLoader.Load(_directory, 128).Tokenize("<new>").Ids);
    }

    [Theory]
    [InlineData("""{"tokenizer_class":"CamembertTokenizer"}""", "{}")]
    [InlineData("{}", """{"model_type":"camembert"}""")]
    public void CamemBERT_numbers_the_same_pieces_in_its_own_way(string tokenizerConfig, string config)
    {
        File.Copy(XlmrTiny.SentencePieceModel, Path.Combine(_directory, "sentencepiece.bpe.model"));
        Write("tokenizer_config.json", tokenizerConfig);
        Write("config.json", config);
        var camembert = TokenizerLoader.Load(_directory, 128);
        var ids = XlmrTiny.Ids("The library");

        // <s> and </s> are SentencePiece's own, four further up; the other pieces are three further up than XLM-R has them.
        Assert.Equal([5, .. ids[1..^1].Select(id => id + 3), 6], camembert.Tokenize("The library").Ids);
        Assert.Equal(1, camembert.PaddingId);
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
