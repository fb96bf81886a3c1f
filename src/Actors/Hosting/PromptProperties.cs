using ActorEmbed.Inference;
using Microsoft.Extensions.AI;

namespace ActorEmbed.Actors.Hosting;

/// <summary>
/// The additional properties <c>prompt_name</c> and <c>input_type</c> of <see cref="EmbeddingGenerationOptions"/>, as the
/// server's requests have them.
/// </summary>
internal static class PromptProperties
{
    private const string PromptNameProperty = "prompt_name";
    private const string InputTypeProperty = "input_type";

    /// <exception cref="ArgumentException">Both are there, or one is of the wrong type or an unknown word.</exception>
    public static PromptChoice? Read(EmbeddingGenerationOptions? options)
    {
        var (name, word) = (CallProperties.Text(options, PromptNameProperty), WordOf(options));
        if (name is not null && word is not null)
            throw new ArgumentException($"The additional properties '{PromptNameProperty}' and '{InputTypeProperty}' exclude each other.", nameof(options));
        if (name is not null)
            return PromptChoice.Named(name);
        if (word is null)
            return null;
        return InputTypes.TryParse(word, out var inputType)
            ? PromptChoice.For(inputType.Value)
            : throw new ArgumentException($"The additional property '{InputTypeProperty}' must be {InputTypes.Known}, but is \"{word}\".", nameof(options));
    }

    private static string? WordOf(EmbeddingGenerationOptions? options) =>
        CallProperties.Of(options, InputTypeProperty) is InputType inputType ? inputType.ToString() : CallProperties.Text(options, InputTypeProperty);
}
