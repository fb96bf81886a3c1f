using System.Text;
using System.Text.Json;
using ActorEmbed.Inference.Tokenization;

namespace ActorEmbed.Inference.Tests.Tokenization;

public sealed class XlmRobertaTokenizerTests
{
    // No character of this script is in the vocabulary of 8,002 pieces.
    private const string Unknown = "\U00012000";
    private const string OtherUnknown = "\U00012001";

    [Theory]
    [InlineData("xlmr-tiny", 128)]
    [InlineData("actorembed-starter-multilingual-256", 256)]
    public void Every_reference_text_gets_the_ids_of_the_reference(string model, int maxTokens)
    {
        var directory = Path.Combine(AppContext.BaseDirectory, "data", model);
        var tokenizer = TokenizerLoader.Load(directory, maxTokens);
        var texts = 0;
        foreach (var line in File.ReadLines(Path.Combine(directory, "reference.jsonl")))
        {
            using var reference = JsonDocument.Parse(line);
            var text = reference.RootElement.GetProperty("text").GetString()!;
            var ids = reference.RootElement.GetProperty("ids").Deserialize<int[]>();
            Assert.Equal(ids, tokenizer.Tokenize(text).Ids);
            texts++;
        }

        Assert.True(texts >= 40, $"only {texts} reference texts");
    }

    [Fact]
    public void An_empty_text_is_the_two_special_tokens_around_nothing() =>
        Assert.Equal([0, 2], XlmrTiny.Ids(""));

    [Theory]
    [InlineData("<s>", "<s>")]
    [InlineData("</s></s>", "</s> </s>")]
    [InlineData("<s><pad>", "<s> <pad>")]
    [InlineData("a<unk>b", "▁a <unk> ▁b")]
    public void A_special_token_in_the_text_is_that_token(string text, string pieces) =>
        Assert.Equal(XlmrTiny.Pieces(pieces), XlmrTiny.Ids(text));

    // White space before a mask is stripped; what the token before it ended with is not looked at again.
    [Theory]
    [InlineData("a <mask> b", "▁a <mask> ▁b")]
    [InlineData("a<mask>b", "▁a <mask> ▁b")]
    [InlineData("<s>  <mask>", "<s> <mask>")]
    public void A_mask_swallows_the_white_space_before_it(string text, string pieces) =>
        Assert.Equal(XlmrTiny.Pieces(pieces), XlmrTiny.Ids(text));

    [Fact]
    public void A_special_token_without_its_end_is_text() =>
        Assert.Equal(XlmrTiny.Pieces("▁ < ma s k"), XlmrTiny.Ids("<mask"));

    // Not in the raw text, so no added token; but NFKC makes it "<s>", and that is a piece with score 0.
    [Fact]
    public void A_full_width_special_token_is_the_piece_after_a_word_mark() =>
        Assert.Equal(XlmrTiny.Pieces("▁ <s>"), XlmrTiny.Ids("＜ｓ＞"));

    [Fact]
    public void Unknown_characters_in_a_row_are_one_unknown_token() =>
        Assert.Equal(XlmrTiny.Pieces("▁ <unk>"), XlmrTiny.Ids(Unknown + OtherUnknown));

    [Fact]
    public void Unknown_characters_of_two_words_stay_two_tokens() =>
        Assert.Equal(XlmrTiny.Pieces("▁ <unk> ▁ <unk>"), XlmrTiny.Ids($"{Unknown} {OtherUnknown}"));

    [Fact]
    public void An_unknown_token_in_the_text_is_not_fused_with_its_neighbours() =>
        Assert.Equal(XlmrTiny.Pieces("▁ <unk> <unk> ▁ <unk>"), XlmrTiny.Ids($"{Unknown}<unk>{OtherUnknown}"));

    // The cluster ｶﾞ has 6 bytes, too many to be looked up whole. Each half is mapped by itself, to カ and U+3099,
    // which no piece has; SentencePiece would make ガ of the two.
    [Fact]
    public void Half_width_katakana_keep_their_voicing_mark_apart() =>
        Assert.Equal(XlmrTiny.Pieces("▁ カ <unk>"), XlmrTiny.Ids("ｶﾞ"));

    // ½ with an accent is a cluster of 4 bytes. Its shortest known prefix, ½, decides for all of it.
    [Fact]
    public void A_mark_on_a_mapped_character_is_lost() =>
        Assert.Equal(XlmrTiny.Ids("½"), XlmrTiny.Ids("½\u0301"));

    // e and an acute are a key of the map; the second acute belongs to the same cluster and goes with it.
    [Fact]
    public void Of_stacked_marks_only_the_composed_one_stays() =>
        Assert.Equal(XlmrTiny.Ids("é"), XlmrTiny.Ids("e\u0301\u0301"));

    // With three marks the cluster has 7 bytes: e and each mark are looked up alone and found unchanged.
    [Fact]
    public void A_cluster_of_more_than_five_bytes_is_mapped_character_by_character() =>
        Assert.Equal(XlmrTiny.Pieces("▁e <unk>"), XlmrTiny.Ids("e\u0301\u0301\u0301"));

    // A no-break space is mapped to a space, and takes the mark on it along; a plain space has no mapping.
    [Theory]
    [InlineData("\u00A0\u0301x", "▁x")]
    [InlineData(" \u0301", "▁ <unk>")]
    [InlineData("   \u0301", "▁ <unk>")]
    public void A_mark_on_a_space_stays_only_if_the_space_is_not_mapped(string text, string pieces) =>
        Assert.Equal(XlmrTiny.Pieces(pieces), XlmrTiny.Ids(text));

    // The map deletes them, so they divide nothing, not even the vertical tab, which is white space.
    [Theory]
    [InlineData("a\u0001b")]
    [InlineData("a\u000Bb")]
    [InlineData("\u007Fab")]
    public void Deleted_control_characters_join_their_neighbours(string text) =>
        Assert.Equal(XlmrTiny.Ids("ab"), XlmrTiny.Ids(text));

    // A trie cannot hold a zero byte, so it is mapped to nothing and is no piece either.
    [Fact]
    public void A_zero_character_is_unknown() =>
        Assert.Equal(XlmrTiny.Pieces("▁x <unk> y"), XlmrTiny.Ids("x\0y"));

    [Theory]
    [InlineData("\uD800", "\uFFFD")]
    [InlineData("a\uDC00b", "a\uFFFDb")]
    [InlineData("\uD800\u0301x", "\uFFFD\u0301x")]
    public void An_unpaired_surrogate_counts_as_a_replacement_character(string text, string same) =>
        Assert.Equal(XlmrTiny.Ids(same), XlmrTiny.Ids(text));

    [Fact]
    public void A_text_is_truncated_to_a_prefix_of_its_tokens()
    {
        var text = string.Concat(Enumerable.Repeat("The cat sits on the mat, 猫はマットの上に座っている。 ", 20));
        var all = XlmrTiny.Load(10_000).Tokenize(text);
        Assert.False(all.IsTruncated);
        foreach (var maxTokens in new[] { 3, 4, 17, 128, all.Ids.Length - 1 })
        {
            var cut = XlmrTiny.Load(maxTokens).Tokenize(text);
            Assert.True(cut.IsTruncated);
            Assert.Equal([.. all.Ids[..(maxTokens - 1)], 2], cut.Ids);
        }

        var exact = XlmrTiny.Load(all.Ids.Length).Tokenize(text);
        Assert.False(exact.IsTruncated);
        Assert.Equal(all.Ids, exact.Ids);
    }

    [Fact]
    public void A_megabyte_of_white_space_does_not_hide_the_text_after_it()
    {
        var spaces = string.Concat(Enumerable.Repeat(" \n\u3000", 350_000));
        var result = XlmrTiny.Tokenizer.Tokenize($"{spaces}a{spaces}b{spaces}");
        Assert.Equal(XlmrTiny.Pieces("▁a ▁b"), result.Ids);
        Assert.False(result.IsTruncated);
    }

    [Theory]
    [InlineData("The cat sits on the mat. ")]
    [InlineData("猫はマットの上に座っている。")]
    [InlineData(Unknown)]
    public void Ten_megabytes_of_text_allocate_no_more_than_a_few_thousand_characters(string sentence)
    {
        var large = new StringBuilder().Insert(0, sentence, 10_000_000 / sentence.Length).ToString();
        var small = large[..8192];
        Assert.Equal(XlmrTiny.Ids(small), XlmrTiny.Ids(large));
        Assert.True(XlmrTiny.Tokenizer.Tokenize(large).IsTruncated);
        // Pools may be trimmed in between; ten megabytes would show.
        const int poolNoise = 256 * 1024;
        Assert.InRange(Allocated(large), 0, Allocated(small) + poolNoise);
    }

    [Fact]
    public void Random_text_never_throws_and_has_the_same_ids_on_every_thread()
    {
        var random = new Random(1);
        var texts = Enumerable.Range(0, 2_000).Select(_ => RandomText(random)).ToArray();
        var expected = texts.Select(XlmrTiny.Ids).ToArray();
        Parallel.For(0, texts.Length * 2, i =>
            Assert.Equal(expected[i % texts.Length], XlmrTiny.Ids(texts[i % texts.Length])));
        Assert.All(expected, ids => Assert.InRange(ids.Length, 2, XlmrTiny.MaxTokens));
        Assert.All(expected, ids => Assert.Equal((0, 2), (ids[0], ids[^1])));
    }

    [Fact]
    public void A_missing_file_is_a_load_error()
    {
        var error = Assert.Throws<ModelLoadException>(() => XlmRobertaTokenizer.Load("/nowhere/sentencepiece.bpe.model", 128));
        Assert.Contains("/nowhere/sentencepiece.bpe.model", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1_000)]
    [InlineData(200_000)]
    [InlineData(347_000)]
    public void A_file_that_was_cut_off_is_a_load_error(int length)
    {
        var path = Path.GetTempFileName();
        File.WriteAllBytes(path, File.ReadAllBytes(XlmrTiny.SentencePieceModel)[..length]);
        var error = Assert.Throws<ModelLoadException>(() => XlmRobertaTokenizer.Load(path, 128));
        Assert.DoesNotContain('\n', error.Message);
        File.Delete(path);
    }

    [Fact]
    public void Any_damaged_byte_gives_a_tokenizer_or_a_load_error_and_nothing_else()
    {
        var random = new Random(2);
        var path = Path.GetTempFileName();
        for (var i = 0; i < 40; i++)
        {
            var bytes = File.ReadAllBytes(XlmrTiny.SentencePieceModel);
            for (var damage = 0; damage < 200; damage++)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            File.WriteAllBytes(path, bytes);
            try
            {
                var tokenizer = XlmRobertaTokenizer.Load(path, 128);
                Assert.NotEmpty(tokenizer.Tokenize("Straße ½ ｶﾞ é <mask>").Ids);
            }
            catch (ModelLoadException e)
            {
                Assert.Contains(path, e.Message, StringComparison.Ordinal);
            }
        }

        File.Delete(path);
    }

    private static long Allocated(string text)
    {
        XlmrTiny.Tokenizer.Tokenize(text); // fills the array pool
        var before = GC.GetAllocatedBytesForCurrentThread();
        XlmrTiny.Tokenizer.Tokenize(text);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static string RandomText(Random random)
    {
        string[] special = ["<s>", "</s>", "<mask>", "<unk>", " ", "▁", "\r\n", "\u200D", "ﾞ", "\u0301"];
        var text = new StringBuilder();
        for (var length = random.Next(40); length > 0; length--)
        {
            if (random.Next(4) == 0)
                text.Append(special[random.Next(special.Length)]);
            else
                text.Append((char)random.Next(char.MaxValue + 1));
        }

        return text.ToString();
    }
}
