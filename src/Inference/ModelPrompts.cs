using System.Diagnostics.CodeAnalysis;

namespace ActorEmbed.Inference;

/// <summary>The prompts of a model. Equal when all prompts and the default are.</summary>
public sealed class ModelPrompts : IEquatable<ModelPrompts>
{
    // What sentence-transformers' encode_query and encode_document look for, in this order.
    private static readonly string[] QueryNames = ["query"];
    private static readonly string[] DocumentNames = ["document", "passage", "corpus"];

    private readonly ModelPrompt[] _all;

    /// <param name="all">Each name once.</param>
    /// <param name="defaultName">What goes before texts for which no prompt is chosen; null for none.</param>
    /// <exception cref="ArgumentException">A name is there twice, or the default is none of them.</exception>
    public ModelPrompts(IEnumerable<ModelPrompt> all, string? defaultName = null)
    {
        _all = [.. all];
        DefaultName = defaultName;
        if (_all.Select(prompt => prompt.Name).Distinct(StringComparer.Ordinal).Count() < _all.Length)
            throw new ArgumentException("Two prompts have the same name.", nameof(all));
        if (defaultName is not null && Named(defaultName) is null)
            throw new ArgumentException($"There is no prompt '{defaultName}', which is to be the default.", nameof(defaultName));
    }

    /// <summary>Of a model that has none.</summary>
    public static ModelPrompts None { get; } = new([]);

    /// <summary>All of them, in the order of the model's configuration.</summary>
    public IReadOnlyList<ModelPrompt> All => _all;

    /// <summary>Name of the prompt that goes before texts for which none is chosen; null where nothing does.</summary>
    public string? DefaultName { get; }

    /// <summary>Finds what goes before a text.</summary>
    /// <param name="choice">What was asked for; null for nothing.</param>
    /// <param name="prompt">Null where nothing goes before it.</param>
    /// <param name="whyNot">Which names there are, where the one asked for is none of them.</param>
    public bool TryFind(PromptChoice? choice, out ModelPrompt? prompt, [NotNullWhen(false)] out string? whyNot)
    {
        whyNot = null;
        if (choice?.Name is { } name)
        {
            prompt = Named(name);
            whyNot = prompt is null ? Unknown() : null;
            return prompt is not null;
        }

        prompt = choice?.InputType switch
        {
            InputType.Query => FirstOf(QueryNames),
            InputType.Document => FirstOf(DocumentNames),
            _ => null,
        } ?? (DefaultName is null ? null : Named(DefaultName));
        return true;
    }

    /// <inheritdoc />
    public bool Equals(ModelPrompts? other) => other is not null && DefaultName == other.DefaultName && _all.AsSpan().SequenceEqual(other._all);

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as ModelPrompts);

    /// <inheritdoc />
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(DefaultName);
        foreach (var prompt in _all)
            hash.Add(prompt);
        return hash.ToHashCode();
    }

    // As sentence-transformers does, a name is taken to the letter.
    private ModelPrompt? Named(string name) => Array.Find(_all, prompt => prompt.Name == name);

    private ModelPrompt? FirstOf(string[] names) => names.Select(Named).FirstOrDefault(prompt => prompt is not null);

    private string Unknown() => _all.Length == 0
        ? "this model has no prompts"
        : $"this model has {string.Join(", ", _all.Select(prompt => $"\"{prompt.Name}\""))}";
}
