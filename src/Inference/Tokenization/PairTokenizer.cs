using System.Runtime.CompilerServices;
using ActorEmbed.Inference.Tokenization.Pipeline.PostProcessors;

namespace ActorEmbed.Inference.Tokenization;

/// <summary>
/// A query and a text to the tokens of one sequence, as the Rust tokenizers library makes it: each is tokenized by itself,
/// both are cut to what the model takes, the longer one first, and the tokenizer's template for two texts puts them together.
/// </summary>
internal sealed class PairTokenizer
{
    private readonly IModelTokenizer _tokenizer;
    private readonly IReadOnlyList<TemplatePart> _template;
    private readonly bool _hasTypes;
    private readonly int _room;

    // A query comes with each of its texts.
    private readonly ConditionalWeakTable<string, TokenizedQuery> _queries = [];

    /// <param name="tokenizer">Of the model.</param>
    /// <param name="hasTypes">Whether the model is told the types of tokens.</param>
    /// <exception cref="ModelLoadException">The maximum leaves no room for two texts.</exception>
    public PairTokenizer(IModelTokenizer tokenizer, bool hasTypes)
    {
        (_tokenizer, _template, _hasTypes) = (tokenizer, tokenizer.PostProcessor.Pair, hasTypes);
        var special = _template.Sum(part => part.Ids?.Count ?? 0);
        _room = tokenizer.MaxTokens - special;
        if (_room < 2)
            throw new ModelLoadException($"A maximum of {tokenizer.MaxTokens} tokens leaves no room for two texts beside {special} special tokens.");
    }

    public TokenizedText Tokenize(string query, string text)
    {
        var known = _queries.GetValue(query, key => new TokenizedQuery(Read(key), new Lazy<int>(() => CountAll(key))));
        var (first, second) = (known.Tokens, Read(text));
        var (ofFirst, ofSecond) = Share(first.Ids.Length, second.Ids.Length, () => IsLonger(known, text, second));
        var isTruncated = first.IsTruncated || second.IsTruncated || ofFirst < first.Ids.Length || ofSecond < second.Ids.Length;
        return Compose(Cut(first.Ids, ofFirst), Cut(second.Ids, ofSecond), isTruncated);
    }

    /// <summary>How many tokens of each are kept: no text is cut below half of the room.</summary>
    private (int First, int Second) Share(int first, int second, Func<bool> firstIsLonger)
    {
        if (first + second <= _room)
            return (first, second);
        var half = _room / 2;
        if (Math.Min(first, second) <= half)
            return first < second ? (first, _room - first) : (_room - second, second);
        // The odd one goes to the longer text, and to the second where they are equal.
        return _room % 2 == 1 && firstIsLonger() ? (_room - half, half) : (half, _room - half);
    }

    /// <summary>What is beyond the room has not been looked at, and seldom matters.</summary>
    private bool IsLonger(TokenizedQuery query, string text, TokenizedText second)
    {
        var first = query.Tokens;
        if (!first.IsTruncated || !second.IsTruncated)
            return first.IsTruncated || (!second.IsTruncated && first.Ids.Length > second.Ids.Length);
        return query.Length.Value > CountAll(text);
    }

    private int CountAll(string text) => _tokenizer.TokenizeWhole(text).Ids.Length;

    /// <summary>Tokens of one of the texts, without the special tokens of a text that stands alone, and no more than there is room for.</summary>
    private TokenizedText Read(string text)
    {
        var (before, after) = (_tokenizer.Before.Count, _tokenizer.After.Count);
        var tokens = _tokenizer.Tokenize(text, _room + before + after);
        return tokens with { Ids = tokens.Ids[before..^after] };
    }

    private int[] Cut(int[] ids, int kept) => _tokenizer.Side == TruncationSide.Left ? ids[^kept..] : ids[..kept];

    private TokenizedText Compose(int[] first, int[] second, bool isTruncated)
    {
        var ids = new List<int>(_tokenizer.MaxTokens);
        var types = new List<int>(_tokenizer.MaxTokens);
        foreach (var part in _template)
        {
            ids.AddRange(part.Ids ?? (part.Text == 0 ? first : second));
            types.AddRange(Enumerable.Repeat(part.TypeId, ids.Count - types.Count));
        }

        return new TokenizedText([.. ids], isTruncated, _hasTypes && types.Exists(type => type != 0) ? [.. types] : null);
    }

    /// <param name="Tokens">As many as there is room for.</param>
    /// <param name="Length">All tokens that it has.</param>
    private sealed record TokenizedQuery(TokenizedText Tokens, Lazy<int> Length);
}
