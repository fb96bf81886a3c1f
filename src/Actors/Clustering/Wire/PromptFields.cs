using System.Runtime.Serialization;
using ActorEmbed.Inference;

namespace ActorEmbed.Actors.Clustering.Wire;

/// <summary>The layout of prompts and of the choice of one, for <see cref="ClusterSerializer"/>.</summary>
internal static class PromptFields
{
    // Kinds of choices; what else there may be gets another number.
    private const byte NamedKind = 0;
    private const byte QueryKind = 1;
    private const byte DocumentKind = 2;

    private const byte DocumentationFlag = 1;

    // The kind; two lengths and flags.
    private const int LeastChoiceBytes = 1;
    private const int LeastPromptBytes = 9;

    public static void Write(WireWriter writer, PromptChoice choice)
    {
        switch (choice.InputType)
        {
            case null:
                writer.Byte(NamedKind);
                writer.String(choice.Name);
                break;
            case InputType.Query:
                writer.Byte(QueryKind);
                break;
            case InputType.Document:
                writer.Byte(DocumentKind);
                break;
            case var other:
                throw new SerializationException($"Texts of the type {other} cannot be sent.");
        }
    }

    public static PromptChoice ReadChoice(ref WireReader reader) => reader.Byte() switch
    {
        NamedKind => PromptChoice.Named(reader.String()),
        QueryKind => PromptChoice.Query,
        DocumentKind => PromptChoice.Document,
        var kind => throw new SerializationException($"Prompts of kind {kind} are unknown to this version of ActorEmbed."),
    };

    /// <summary>Writes each choice once; texts name theirs by its place.</summary>
    public static void Write(WireWriter writer, IReadOnlyList<PromptChoice> choices)
    {
        writer.Int32(choices.Count);
        foreach (var choice in choices)
            Write(writer, choice);
    }

    public static PromptChoice[] ReadChoices(ref WireReader reader)
    {
        var choices = new PromptChoice[reader.Count(LeastChoiceBytes)];
        for (var i = 0; i < choices.Length; i++)
            choices[i] = ReadChoice(ref reader);
        return choices;
    }

    public static void Write(WireWriter writer, ModelPrompts prompts)
    {
        writer.Int32(prompts.All.Count);
        foreach (var prompt in prompts.All)
        {
            writer.String(prompt.Name);
            writer.String(prompt.Text);
            writer.Byte(prompt.IsFromDocumentation ? DocumentationFlag : (byte)0);
        }

        writer.String(prompts.DefaultName);
    }

    public static ModelPrompts ReadPrompts(ref WireReader reader)
    {
        var prompts = new ModelPrompt[reader.Count(LeastPromptBytes)];
        for (var i = 0; i < prompts.Length; i++)
            prompts[i] = new ModelPrompt(reader.String(), reader.String()) { IsFromDocumentation = (reader.Byte() & DocumentationFlag) != 0 };
        var defaultName = reader.NullableString();
        try
        {
            return new ModelPrompts(prompts, defaultName);
        }
        catch (ArgumentException e)
        {
            throw new SerializationException($"These are no prompts of a model: {e.Message}", e);
        }
    }
}
