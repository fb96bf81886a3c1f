using ActorEmbed.Inference.Files;

namespace ActorEmbed.Inference.Models;

/// <summary>Reads the prompts of <c>config_sentence_transformers.json</c>, and adds those of the documentation that it lacks.</summary>
internal static class PromptConfig
{
    /// <summary>Prompts, and what else belongs to the whole model.</summary>
    public const string FileName = "config_sentence_transformers.json";
    private const string PromptsField = "prompts";
    private const string DefaultField = "default_prompt_name";

    /// <param name="root">The directory that holds <c>modules.json</c>.</param>
    /// <param name="names">Names that the model may go by (<see cref="DocumentedPrompts.Of"/>).</param>
    /// <exception cref="ModelLoadException">The file is damaged, or its default is none of its prompts.</exception>
    public static ModelPrompts Read(string root, params IEnumerable<string?> names)
    {
        var path = Path.Combine(root, FileName);
        var file = JsonFile.ReadIfPresent(path);
        ModelPrompt[] own = [.. file?.Texts(PromptsField).Select(field => new ModelPrompt(field.Name, field.Text)) ?? []];
        var defaultName = file?.Text(DefaultField);
        if (defaultName is not null && !Array.Exists(own, prompt => prompt.Name == defaultName))
            throw new ModelLoadException($"{path}: '{DefaultField}' is \"{defaultName}\", but '{PromptsField}' has no such name.");

        var documented = DocumentedPrompts.Of(names).Where(prompt => !Array.Exists(own, mine => mine.Name == prompt.Name));
        return new ModelPrompts([.. own, .. documented], defaultName);
    }
}
