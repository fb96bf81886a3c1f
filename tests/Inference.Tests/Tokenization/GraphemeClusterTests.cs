using System.Globalization;
using ActorEmbed.Inference.Tokenization.SentencePiece;

namespace ActorEmbed.Inference.Tests.Tokenization;

public sealed class GraphemeClusterTests
{
    [Fact]
    public void The_short_cut_for_plain_characters_agrees_with_the_runtime()
    {
        var plain = Enumerable.Range(0, char.MaxValue + 1).Select(c => (char)c).Where(GraphemeCluster.IsPlain).ToArray();
        char[] neighbours = ['a', ' ', '\n', 'é', 'я', 'ا', 'か', '猫', '한', '가', 'ｶ', '。', '\u00AD', '©'];
        foreach (var c in plain)
        {
            foreach (var neighbour in neighbours)
            {
                Assert.Equal(1, StringInfo.GetNextTextElementLength([c, neighbour]));
                Assert.Equal(1, StringInfo.GetNextTextElementLength([neighbour, c]));
            }
        }
    }

    [Theory]
    [InlineData("e\u0301x", 2)]
    [InlineData("\r\nx", 2)]
    [InlineData("ｶﾞ", 2)]
    [InlineData("\u0600a", 2)]
    [InlineData("👩\u200D👧x", 5)]
    [InlineData("🇩🇪🇫🇷", 4)]
    public void Other_characters_form_the_clusters_of_unicode(string text, int length) =>
        Assert.Equal(length, GraphemeCluster.Length(text));
}
