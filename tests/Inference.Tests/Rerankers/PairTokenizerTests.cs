using ActorEmbed.Inference.Models;
using ActorEmbed.Inference.Tokenization;
using ActorEmbed.Tests.Shared.Models;

namespace ActorEmbed.Inference.Tests.Rerankers;

public sealed class PairTokenizerTests
{
    public static TheoryData<string> Names { get; } = [.. TestModels.Rerankers];

    [Theory]
    [MemberData(nameof(Names))]
    public void Tokens_and_types_of_a_pair_are_those_of_the_reference(string name)
    {
        var directory = TestModels.Reranker(name);
        var pairs = Open(directory, ModelDirectory.Read(directory).MaxTokens);

        Assert.All(ReferencePair.Of(directory), pair =>
        {
            var tokens = pairs.Tokenize(pair.Query, pair.Text);
            Assert.Equal(pair.Ids, tokens.Ids);
            // The template of ModernBERT names types, which the model is not told.
            if (pair.TokenTypeIds is { } types)
                Assert.Equal(types, tokens.Types ?? new int[tokens.Ids.Length]);
        });
    }

    [Fact]
    public void The_odd_token_goes_to_the_longer_text_however_much_longer_both_are_than_the_model_takes()
    {
        // 8 tokens, of which 3 are special: 2 for one side and 3 for the other.
        var pairs = Open(TestModels.Reranker("bert-tiny"), maxTokens: 8);
        var (more, less) = (Words(300), Words(299));

        Assert.Equal([0, 0, 0, 0, 0, 1, 1, 1], pairs.Tokenize(more, less).Types!);
        Assert.Equal([0, 0, 0, 0, 1, 1, 1, 1], pairs.Tokenize(less, more).Types!);
        Assert.Equal([0, 0, 0, 0, 1, 1, 1, 1], pairs.Tokenize(more, more).Types!);
    }

    [Theory]
    [InlineData(1, 1, 1, 1)]
    [InlineData(0, 9, 0, 5)]
    [InlineData(9, 0, 5, 0)]
    [InlineData(2, 9, 2, 3)]
    [InlineData(9, 2, 3, 2)]
    [InlineData(3, 4, 2, 3)]
    [InlineData(4, 3, 3, 2)]
    [InlineData(3, 3, 2, 3)]
    public void The_longer_text_is_cut_first_and_none_below_half(int query, int text, int keptOfQuery, int keptOfText)
    {
        var pairs = Open(TestModels.Reranker("bert-tiny"), maxTokens: 8);

        var tokens = pairs.Tokenize(Words(query), Words(text));

        Assert.Equal(3 + keptOfQuery + keptOfText, tokens.Ids.Length);
        Assert.Equal(1 + keptOfText, (tokens.Types ?? []).Count(type => type == 1));
        Assert.Equal(keptOfQuery + keptOfText < query + text, tokens.IsTruncated);
    }

    [Fact]
    public void A_maximum_without_room_for_two_texts_is_refused() =>
        Assert.Contains("leaves no room", Assert.Throws<ModelLoadException>(() => Open(TestModels.Reranker("bert-tiny"), maxTokens: 4)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_model_whose_inputs_have_no_types_is_told_none()
    {
        using var copy = TestModels.Copy(TestModels.Reranker("bert-tiny"));
        copy.Replace("tokenizer_config.json", "{", """{ "model_input_names": ["input_ids", "attention_mask"],""");

        Assert.Null(Open(copy.Directory, maxTokens: 8).Tokenize("in", "in").Types);
    }

    /// <summary>A word that is one token.</summary>
    private static string Words(int count) => string.Join(' ', Enumerable.Repeat("in", count));

    private static PairTokenizer Open(string directory, int maxTokens) =>
        new(TokenizerLoader.Load(directory, maxTokens), TokenizerConfig.Read(directory).HasTokenTypes);
}
