using Microsoft.Extensions.AI;

namespace ActorEmbed.Client.Vectors;

/// <summary>What a request asks to be put before each text; nothing where both are null.</summary>
/// <param name="Name">Of one of the model's prompts.</param>
/// <param name="InputType">What the texts are.</param>
internal readonly record struct RequestedPrompt(string? Name, string? InputType)
{
    public const string NameField = "prompt_name";
    public const string InputTypeField = "input_type";

    /// <summary>What a call asks for, else what the client's options do.</summary>
    /// <exception cref="ArgumentException">Both are asked for, or a property is no string.</exception>
    public static RequestedPrompt Of(EmbeddingGenerationOptions? call, RequestedPrompt standard)
    {
        var asked = new RequestedPrompt(CallProperties.Text(call, NameField), CallProperties.Text(call, InputTypeField));
        if (asked is { Name: not null, InputType: not null })
            throw new ArgumentException($"The additional properties '{NameField}' and '{InputTypeField}' exclude each other.", nameof(call));
        return asked == default ? standard : asked;
    }
}
