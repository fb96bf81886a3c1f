using ActorEmbed.Inference.Loading;
using ActorEmbed.Tests.Shared.Models;
using Microsoft.ML.Tokenizers;

namespace ActorEmbed.Inference.Tests.Tokenization;

public sealed class EmbeddingTokenizerTests
{
    private static readonly EmbeddingTokenizer XlmR = ModelLoader.LoadTokenizer(TestModels.XlmrTiny);
    private static readonly EmbeddingTokenizer Bytes = Of("roberta-prefix-tiny");

    [Fact]
    public void Tokens_are_those_of_the_text_alone()
    {
        Tokenizer tokenizer = XlmR;
        foreach (var reference in ReferenceText.Of(TestModels.XlmrTiny).Where(reference => reference.Ids.Length < 128))
        {
            Assert.Equal(reference.Ids[1..^1], tokenizer.EncodeToIds(reference.Text));
            Assert.Equal(reference.Ids.Length - 2, tokenizer.CountTokens(reference.Text));
        }

        Assert.Equal(126, XlmR.MaxTokensOfText);
    }

    [Fact]
    public void Tokens_come_with_their_pieces_and_places()
    {
        var tokens = XlmR.EncodeToTokens("The library", out _);

        Assert.Equal("▁The▁library", string.Concat(tokens.Select(token => token.Value)));
        Assert.Equal((0, 11), (tokens[0].Offset.Start.Value, tokens[^1].Offset.End.Value));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(126)]
    public void A_text_is_cut_where_the_next_token_begins(int maxTokens)
    {
        var text = string.Concat(Enumerable.Repeat("The cat sits on the mat, 猫はマットの上に座っている。 ", 200));

        var index = XlmR.GetIndexByTokenCount(text, maxTokens, out _, out var count);
        var last = XlmR.GetIndexByTokenCountFromEnd(text, maxTokens, out _, out var countFromEnd);

        Assert.Equal((maxTokens, maxTokens), (count, countFromEnd));
        Assert.Equal(XlmR.EncodeToTokens(text, out _)[maxTokens].Offset.Start.Value, index);
        Assert.Equal(XlmR.EncodeToTokens(text, out _)[^maxTokens].Offset.Start.Value, last);
        Assert.Equal(XlmR.EncodeToIds(text).Take(maxTokens), XlmR.EncodeToIds(text, maxTokens, out _, out _));
    }

    [Fact]
    public void A_short_text_is_not_cut()
    {
        Assert.Equal(5, XlmR.GetIndexByTokenCount("hello", 100, out _, out _));
        Assert.Equal(0, XlmR.GetIndexByTokenCountFromEnd("hello", 100, out _, out _));
    }

    [Fact]
    public void The_bytes_of_a_character_stay_together()
    {
        const string text = "a😀b";
        var bytes = Bytes.EncodeToTokens("😀", out _).Count;
        Assert.True(bytes > 1);

        Assert.Equal(1, Bytes.GetIndexByTokenCount(text, 2, out _, out var count));
        Assert.Equal(1, count);
        Assert.Equal(3, Bytes.GetIndexByTokenCountFromEnd(text, 2, out _, out var countFromEnd));
        Assert.Equal(1, countFromEnd);
    }

    [Fact]
    public void Tokens_are_not_turned_back_into_text() => Assert.Throws<NotSupportedException>(() => XlmR.Decode([5]));

    private static EmbeddingTokenizer Of(string name)
    {
        var tokenizer = ReferenceTokenizers.Load(name);
        return new EmbeddingTokenizer(ReferenceTokenizers.NoMaximum, text => tokenizer.TokenizeWhole(text), tokenizer.PieceOf);
    }
}
