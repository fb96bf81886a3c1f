namespace ActorEmbed.Inference.Tests.Tokenization.Pipeline;

public sealed class RefusalTests
{
    [Theory]
    [InlineData("normalizer", """{"type":"Sequence","normalizers":[{"type":"NFC"},{"type":"Magic"}]}""", "tokenizer.json: .*normalizer.normalizers\\[1\\]: the type 'Magic'")]
    [InlineData("pre_tokenizer", """{"type":"UnicodeScripts"}""", "pre_tokenizer: the type 'UnicodeScripts'")]
    [InlineData("pre_tokenizer", """{"type":"Split","pattern":{"Regex":"(a"},"behavior":"Isolated"}""", "pre_tokenizer.pattern: the regular expression")]
    [InlineData("pre_tokenizer", """{"type":"Split","pattern":{"Regex":"[a[b]]"},"behavior":"Isolated"}""", "classes within classes")]
    [InlineData("pre_tokenizer", """{"type":"Split","pattern":{"String":" "},"behavior":"Shuffled"}""", "'behavior' Shuffled")]
    [InlineData("pre_tokenizer", """{"type":"Metaspace","replacement":"▁","prepend_scheme":"last"}""", "'prepend_scheme' last")]
    [InlineData("post_processor", """{"type":"Other"}""", "post_processor: the type 'Other'")]
    [InlineData("post_processor", """{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"[X]","type_id":0}}],"pair":[],"special_tokens":{}}""", "'\\[X\\]' is not among the special tokens")]
    [InlineData("model", """{"type":"Markov","vocab":{}}""", "model: the type 'Markov'")]
    [InlineData("model", """{"type":"WordPiece","unk_token":"[UNK]","vocab":{"a":0}}""", "model: the unknown token \\[UNK\\] is not in the vocabulary")]
    [InlineData("model", """{"type":"WordPiece","unk_token":"a","vocab":{"a":-1}}""", "id below 0")]
    [InlineData("model", """{"type":"WordPiece","unk_token":"a","vocab":{"a":2000000000}}""", "the id 2000000000")]
    [InlineData("model", """{"type":"Unigram","vocab":[["a",0.0]]}""", "model: 'unk_id' is missing")]
    [InlineData("model", """{"type":"Unigram","unk_id":7,"vocab":[["a",0.0]]}""", "model: the unknown token has the id 7")]
    [InlineData("model", """{"type":"BPE","dropout":0.1,"vocab":{"a":0},"merges":[]}""", "model.dropout: leaving merges out")]
    [InlineData("model", """{"type":"BPE","vocab":{"a":0},"merges":["a b"]}""", "model: the merges name 'b'")]
    [InlineData("model", """{"type":"BPE","vocab":{"a":0},"merges":["a a a"]}""", "model.merges\\[0\\]: two texts are expected")]
    [InlineData("added_tokens", """[{"id":0}]""", "added_tokens\\[0\\]: 'content' is missing")]
    public void What_is_not_known_is_refused_by_name(string component, string json, string message)
    {
        using var fixture = new PipelineFixture().With(component, json);

        Assert.Matches(message.Replace("tokenizer.json: .*", "", StringComparison.Ordinal), Assert.Throws<ModelLoadException>(() => fixture.Load()).Message);
    }

    [Fact]
    public void A_file_that_is_no_JSON_is_refused_by_its_path()
    {
        using var fixture = new PipelineFixture();
        fixture.Load();
        fixture.WithFile("tokenizer_config.json", "{");

        Assert.Contains("tokenizer_config.json", Assert.Throws<ModelLoadException>(() => fixture.Load()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_expression_that_runs_for_ever_is_ended()
    {
        // The look-ahead leaves only a matcher that goes back, and there are more ways to take the letters than it can try.
        using var fixture = new PipelineFixture().With(
            "pre_tokenizer", """{"type":"Split","pattern":{"Regex":"(a|aa)+(?=b)\\1"},"behavior":"Isolated"}""");
        var tokenizer = fixture.Load();

        var error = Assert.Throws<InferenceException>(() => tokenizer.Tokenize(new string('a', 60)));

        Assert.Contains("regular expression", error.Message, StringComparison.Ordinal);
    }
}
