using System.Collections.Concurrent;
using ActorEmbed.Inference.Tokenization;

namespace ActorEmbed.Inference.Loading;

/// <summary>Puts prompts before texts: both together are one string to the tokenizer, which may be cut.</summary>
internal sealed class PromptedTokenizer(IModelTokenizer tokenizer, ModelPrompts prompts)
{
    private readonly ConcurrentDictionary<string, int> _tokensOfPrompts = new(StringComparer.Ordinal);

    /// <summary>The tokens of a text and its prompt, and how many of the first ones belong to the prompt.</summary>
    /// <exception cref="InferenceException">The model has no such prompt, or one is asked for before token ids.</exception>
    public (TokenizedText Tokens, int PromptTokens) Tokenize(EmbeddingInput input)
    {
        if (input.Query is not null)
            throw new InferenceException("The model gives vectors of texts, and no scores of pairs.");
        if (input.TokenIds is { } ids)
            return input.Prompt is null ? (tokenizer.Enclose(ids), 0) : throw new InferenceException("Token ids take no prompt.");
        if (!prompts.TryFind(input.Prompt, out var prompt, out var whyNot))
            throw new InferenceException($"There is no prompt '{input.Prompt!.Name}': {whyNot}.");
        return prompt is null or { Text: "" }
            ? (tokenizer.Tokenize(input.Text!), 0)
            : (tokenizer.Tokenize(prompt.Text + input.Text), _tokensOfPrompts.GetOrAdd(prompt.Text, CountTokens));
    }

    /// <summary>
    /// As sentence-transformers counts: those of the prompt alone, without white space around it, with the special tokens
    /// before it and without those after it.
    /// </summary>
    private int CountTokens(string prompt) => tokenizer.Tokenize(prompt.Trim()).Ids.Length - tokenizer.After.Count;
}
