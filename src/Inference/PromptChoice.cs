namespace ActorEmbed.Inference;

/// <summary>
/// Which of a model's prompts goes before a text: one that is named, or the one for what the text is. Where there is no
/// choice, the model's default prompt is taken, if it has one.
/// </summary>
public sealed record PromptChoice
{
    private PromptChoice()
    {
    }

    /// <summary>The text is a question to search with. A model that has no prompt for it treats it like any other text.</summary>
    public static PromptChoice Query { get; } = new() { InputType = Inference.InputType.Query };

    /// <summary>The text is something to be found. A model that has no prompt for it treats it like any other text.</summary>
    public static PromptChoice Document { get; } = new() { InputType = Inference.InputType.Document };

    /// <summary>The name of the prompt; null where <see cref="InputType"/> is not.</summary>
    public string? Name { get; private init; }

    /// <summary>What the text is; null where <see cref="Name"/> is not.</summary>
    public InputType? InputType { get; private init; }

    /// <summary>The prompt of that name, which the model must have.</summary>
    public static PromptChoice Named(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return new PromptChoice { Name = name };
    }

    /// <summary>The prompt for texts of that kind.</summary>
    public static PromptChoice For(InputType inputType) => inputType switch
    {
        Inference.InputType.Query => Query,
        Inference.InputType.Document => Document,
        _ => throw new ArgumentOutOfRangeException(nameof(inputType), inputType, "Unknown type of input."),
    };
}
