using ActorEmbed.Inference.Tokenization.Pipeline.Models;
using ActorEmbed.Inference.Tokenization.Pipeline.Normalizers;

namespace ActorEmbed.Inference.Tokenization.Pipeline;

/// <summary>
/// The tokens beside the model's own vocabulary, numbered as the Rust tokenizers library numbers them: one that the model
/// knows keeps its id, the others follow after the vocabulary in the order in which they were added.
/// </summary>
internal sealed class AddedVocabulary
{
    private readonly IVocabulary _model;
    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);

    // What was said last of a token decides how it is matched, what was said first in which text.
    private readonly Dictionary<int, AddedToken> _tokens = [];
    private readonly Dictionary<string, AddedToken> _first = new(StringComparer.Ordinal);
    private int _largest = -1;

    public AddedVocabulary(IVocabulary model) => _model = model;

    /// <summary>All of them with their ids.</summary>
    public IReadOnlyDictionary<int, AddedToken> Tokens => _tokens;

    /// <summary>The largest id there is, the model's own included.</summary>
    public int LargestId => Math.Max(_model.LargestId, _largest);

    private int NextId => Math.Max(_model.Count, _largest + 1);

    /// <summary>Adds tokens.</summary>
    public void Add(IEnumerable<AddedToken> tokens)
    {
        foreach (var token in tokens.Where(token => token.Text.Length > 0))
        {
            _first.TryAdd(token.Text, token);
            var id = IdOf(token.Text) ?? NextId;
            _ids[token.Text] = id;
            _tokens[id] = token;
            _largest = Math.Max(_largest, id);
        }
    }

    /// <summary>
    /// Adds the tokens that tokenizer_config.json names, as transformers does. A token that only has a role, and no entry in
    /// any vocabulary, is left out: no row of the embeddings stands for it.
    /// </summary>
    public void AddNamed(TokenizerConfig config)
    {
        var special = config.NamedTokens.Select(token => token.Text).ToHashSet();
        Add(config.AddedTokens.Select(token => !token.IsSpecial && special.Contains(token.Text) ? token with { IsSpecial = true } : token)
            .Where(token => !_tokens.ContainsValue(token)).ToArray());
        Add(config.NamedTokens.Where(token => !_ids.ContainsKey(token.Text) && IdOf(token.Text) is not null).ToArray());
    }

    /// <summary>The id of a token or of an entry of the model's vocabulary; null where it is neither.</summary>
    public int? IdOf(string text) => _ids.TryGetValue(text, out var id) ? id : _model.IdOf(text);

    /// <summary>What is looked for in raw text.</summary>
    public AddedTokenFinder RawFinder() => new(Patterns(isNormalized: false, token => token.Text));

    /// <summary>What is looked for in normalised text.</summary>
    public AddedTokenFinder NormalizedFinder(INormalizer normalizer) => new(Patterns(
        isNormalized: true, token => normalizer.Normalize(AlignedText.Of(token.Text, 0, isAligned: false)).Span.ToString()));

    private IEnumerable<(string, int, AddedToken)> Patterns(bool isNormalized, Func<AddedToken, string> write) =>
        _first.Values.OrderByDescending(token => token.IsSpecial).Where(token => token.IsNormalized == isNormalized)
            .Select(token => (write(token), _ids[token.Text], _tokens[_ids[token.Text]]));
}
