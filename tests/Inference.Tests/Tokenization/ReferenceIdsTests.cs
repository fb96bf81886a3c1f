namespace ActorEmbed.Inference.Tests.Tokenization;

public sealed class ReferenceIdsTests
{
    [Theory]
    [MemberData(nameof(ReferenceTokenizers.All), MemberType = typeof(ReferenceTokenizers))]
    public void Ids_are_those_of_the_Rust_library(string name, int maxTokens)
    {
        var tokenizer = ReferenceTokenizers.Load(name, maxTokens);
        // A static model takes no special tokens, whatever its tokenizer would add.
        var isStatic = maxTokens == ReferenceTokenizers.NoMaximum;
        foreach (var (text, ids) in ReferenceTokenizers.TextsOf(name))
        {
            var tokens = tokenizer.Tokenize(text).Ids;

            Assert.Equal(ids, isStatic ? tokens[tokenizer.Before.Count..^tokenizer.After.Count] : tokens);
            Assert.All(tokens, id => Assert.InRange(id, 0, tokenizer.VocabularySize - 1));
        }
    }

    [Theory]
    [MemberData(nameof(ReferenceTokenizers.All), MemberType = typeof(ReferenceTokenizers))]
    public void Places_lie_in_the_text_in_order_and_spell_the_tokens(string name, int maxTokens)
    {
        _ = maxTokens;
        var tokenizer = ReferenceTokenizers.Load(name);
        foreach (var (text, _) in ReferenceTokenizers.TextsOf(name))
        {
            var tokens = tokenizer.TokenizeWhole(text);

            Assert.Equal(tokenizer.Tokenize(text).Ids, tokens.Ids);
            for (var i = tokens.CountBefore; i < tokens.Ids.Length - tokens.CountAfter; i++)
            {
                var (start, end) = (tokens.Starts[i], tokens.Ends[i]);
                Assert.InRange(start, 0, end);
                Assert.InRange(end, start, text.Length);
                var piece = tokenizer.PieceOf(tokens.Ids[i]).Text.Replace("##", "", StringComparison.Ordinal).TrimStart('▁', 'Ġ');
                // What normalising changes is written in another way.
                if (piece.Length > 0 && piece.All(char.IsAsciiLetter) && text[start..end].Trim() is var written && written.All(char.IsAsciiLetter))
                    Assert.Equal(piece, written, ignoreCase: true);
            }
        }
    }
}
