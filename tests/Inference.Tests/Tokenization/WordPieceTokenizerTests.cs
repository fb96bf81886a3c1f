using ActorEmbed.Inference.Tokenization;

namespace ActorEmbed.Inference.Tests.Tokenization;

public sealed class WordPieceTokenizerTests
{
    private static readonly string[] Vocabulary =
    [
        "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "cafe", "un", "##aff", "##able", "hello", "!", "猫", "の", "Hello",
        "##s", "i", "$", "[", "mask", "]", "ᄒ", "##ᅡ", "##ᆫ", "café", "a", "##a", "##i\u0307",
    ];

    private static readonly IModelTokenizer Uncased = Create();

    [Theory]
    [InlineData("unaffable", "un ##aff ##able")] // the longest piece from the left, then continuations
    [InlineData("unaffablex", "[UNK]")] // nothing for x: the whole word is unknown
    [InlineData("Hello!hello", "hello ! hello")] // lower-cased, punctuation is a word
    [InlineData("hello$", "hello $")] // an ASCII symbol counts as punctuation
    [InlineData("CAFÉ cafe\u0301", "cafe cafe")] // composed and decomposed accents go
    [InlineData("hel\u0001l\u200Bo\uFFFD", "hello")] // control, format and replacement characters go
    [InlineData("hello\u00A0\u3000hello\thello", "hello hello hello")] // any white space divides
    [InlineData("猫猫の", "猫 猫 の")] // Han characters are words, kana are not
    [InlineData("İ", "i")] // I with a dot decomposes to I and a mark
    [InlineData("한", "ᄒ ##ᅡ ##ᆫ")] // Hangul syllables decompose to jamo, which are no marks
    [InlineData("hello[MASK]hello", "hello [MASK] hello")] // found in the raw text
    [InlineData("[mask]", "[ mask ]")] // special tokens are not lower-cased
    [InlineData("", "")]
    public void A_text_gets_the_pieces_that_BERT_gives_it(string text, string pieces) =>
        Assert.Equal(Ids(pieces), Uncased.Tokenize(text).Ids);

    [Theory]
    [InlineData("Hello hello", "Hello hello")]
    [InlineData("café", "café")]
    public void A_cased_model_keeps_case_and_accents(string text, string pieces) =>
        Assert.Equal(Ids(pieces), Create("""{"do_lower_case":false}""").Tokenize(text).Ids);

    [Fact]
    public void Accents_can_stay_where_case_goes()
    {
        var tokenizer = Create("""{"strip_accents":false}""");
        Assert.Equal(Ids("café"), tokenizer.Tokenize("CAFÉ").Ids);
        Assert.Equal(Ids("a ##i\u0307"), tokenizer.Tokenize("aİ").Ids); // its lower case is two characters
    }

    [Fact]
    public void A_word_of_a_hundred_characters_is_cut_and_a_longer_one_is_unknown()
    {
        Assert.Equal(102, Uncased.Tokenize(new string('a', 100)).Ids.Length);
        Assert.Equal(Ids("[UNK]"), Uncased.Tokenize(new string('a', 101)).Ids);
    }

    [Fact]
    public void A_text_is_truncated_to_its_first_tokens()
    {
        var result = Create(maxTokens: 4).Tokenize("unaffable");
        Assert.Equal(Ids("un ##aff"), result.Ids);
        Assert.True(result.IsTruncated);
        Assert.False(Create(maxTokens: 5).Tokenize("unaffable").IsTruncated);
    }

    [Fact]
    public void Padding_has_the_id_of_its_token() => Assert.Equal(0, Uncased.PaddingId);

    private static IModelTokenizer Create(string config = "{}", int maxTokens = 128)
    {
        var directory = Directory.CreateTempSubdirectory("actorembed-test-");
        File.WriteAllLines(Path.Combine(directory.FullName, "vocab.txt"), Vocabulary);
        File.WriteAllText(Path.Combine(directory.FullName, "tokenizer_config.json"), config);
        var tokenizer = TokenizerLoader.Load(directory.FullName, maxTokens);
        directory.Delete(recursive: true);
        return tokenizer;
    }

    private static int[] Ids(string pieces) =>
        [2, .. pieces.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(p => Array.IndexOf(Vocabulary, p)), 3];
}
