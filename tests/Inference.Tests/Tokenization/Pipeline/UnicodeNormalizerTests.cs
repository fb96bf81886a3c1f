using ActorEmbed.Inference.Tokenization.Pipeline;
using ActorEmbed.Inference.Tokenization.Pipeline.Normalizers;
using ActorEmbed.Inference.Tokenization.Unicode;

namespace ActorEmbed.Inference.Tests.Tokenization.Pipeline;

public sealed class UnicodeNormalizerTests
{
    // From the examples of Unicode Standard Annex 15, figures 3 to 6, and chapter 3.12 for Hangul.
    [Theory]
    [InlineData("\u00C5", "\u00C5", "A\u030A", "\u00C5", "A\u030A")]
    [InlineData("\u212B", "\u00C5", "A\u030A", "\u00C5", "A\u030A")] // a singleton
    [InlineData("\u1E69", "\u1E69", "s\u0323\u0307", "\u1E69", "s\u0323\u0307")]
    [InlineData("\u1E0B\u0323", "\u1E0D\u0307", "d\u0323\u0307", "\u1E0D\u0307", "d\u0323\u0307")]
    [InlineData("q\u0307\u0323", "q\u0323\u0307", "q\u0323\u0307", "q\u0323\u0307", "q\u0323\u0307")]
    [InlineData("\uFB01", "\uFB01", "\uFB01", "fi", "fi")]
    [InlineData("2\u2075", "2\u2075", "2\u2075", "25", "25")]
    [InlineData("\u1E9B\u0323", "\u1E9B\u0323", "\u017F\u0323\u0307", "\u1E69", "s\u0323\u0307")]
    [InlineData("\uD4DB", "\uD4DB", "\u1111\u1171\u11B6", "\uD4DB", "\u1111\u1171\u11B6")]
    [InlineData("\u1111\u1171\u11B6", "\uD4DB", "\u1111\u1171\u11B6", "\uD4DB", "\u1111\u1171\u11B6")]
    [InlineData("\u0958", "\u0915\u093C", "\u0915\u093C", "\u0915\u093C", "\u0915\u093C")] // excluded from composition
    [InlineData("\u09C7\u09BE", "\u09CB", "\u09C7\u09BE", "\u09CB", "\u09C7\u09BE")] // composes with a character of class 0
    [InlineData("a\U0001D15E", "a\U0001D157\U0001D165", "a\U0001D157\U0001D165", "a\U0001D157\U0001D165", "a\U0001D157\U0001D165")]
    [InlineData("plain text", "plain text", "plain text", "plain text", "plain text")]
    public void A_text_has_its_four_forms(string text, string nfc, string nfd, string nfkc, string nfkd)
    {
        Assert.Equal(nfc, Normalize(text, UnicodeForm.Nfc));
        Assert.Equal(nfd, Normalize(text, UnicodeForm.Nfd));
        Assert.Equal(nfkc, Normalize(text, UnicodeForm.Nfkc));
        Assert.Equal(nfkd, Normalize(text, UnicodeForm.Nfkd));
    }

    [Fact]
    public void The_runtime_does_not_normalise_here_so_that_nothing_rests_on_it() => Assert.Equal("e\u0301", "e\u0301".Normalize());

    private static string Normalize(string text, UnicodeForm form) =>
        new UnicodeNormalizer(form).Normalize(AlignedText.Of(text, 0, isAligned: true)).Span.ToString();
}
