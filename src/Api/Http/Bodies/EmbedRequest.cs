using System.Text.Json;
using ActorEmbed.Api.Http.Errors;
using ActorEmbed.Inference;

namespace ActorEmbed.Api.Http.Bodies;

/// <summary>What every dialect can ask for.</summary>
internal sealed class EmbedRequest
{
    // Names that all dialects give these fields.
    public const string NormalizeField = "normalize";
    public const string TruncateField = "truncate";

    /// <summary>The same, as Voyage calls it.</summary>
    public const string TruncationField = "truncation";

    public const string DimensionsField = "dimensions";
    public const string OutputTypeField = "output_dtype";
    public const string ModelField = "model";
    public const string PromptNameField = "prompt_name";
    public const string InputTypeField = "input_type";

    // Voyage's and Mistral's name for it.
    private const string OutputDimensionField = "output_dimension";

    // Names reach answers and messages; the longest on the hub has 193 characters, its limit for both parts together.
    public const int LongestModelName = 256;
    private const int LongestPromptName = 256;

    /// <summary>Where the texts stood; null while there are none.</summary>
    public TextField? Field { get; set; }

    /// <summary>Whether each vector is scaled to length 1.</summary>
    public bool Normalize { get; set; } = true;

    /// <summary>Whether a text that is too long is cut; if not, it is refused.</summary>
    public bool Truncate { get; set; } = true;

    /// <summary>How many components of each vector are wanted; null for all.</summary>
    public int? Dimensions { get; set; }

    /// <summary>The model that the caller expects, by name.</summary>
    public string? Model { get; set; }

    /// <summary>How long the model is kept in memory after the answer, negative for ever; null for as long as the settings say.</summary>
    public TimeSpan? KeepAlive { get; set; }

    /// <summary>Which prompt goes before each text; null for the model's default.</summary>
    public PromptChoice? Prompt { get; private set; }

    /// <summary>The field that says so.</summary>
    public string PromptField => Prompt?.InputType is null ? PromptNameField : InputTypeField;

    /// <summary>Reads a field that dialects share; false when it is none.</summary>
    /// <exception cref="Errors.BadRequestException">It is of the wrong type.</exception>
    public bool TryRead(string field, ref Utf8JsonReader reader)
    {
        switch (field)
        {
            case NormalizeField:
                Normalize = JsonFields.ReadBoolean(ref reader, field);
                return true;
            case TruncateField or TruncationField:
                Truncate = JsonFields.ReadBooleanOrNull(ref reader, field) ?? true;
                return true;
            case DimensionsField or OutputDimensionField:
                var dimensions = JsonFields.ReadPositiveOrNull(ref reader, field);
                if (dimensions is not null && Dimensions is not null && dimensions != Dimensions)
                    throw JsonBody.Invalid($"'{DimensionsField}' and '{OutputDimensionField}' contradict each other.", field);
                Dimensions ??= dimensions;
                return true;
            case OutputTypeField:
                JsonFields.ReadOnly(ref reader, field, "float");
                return true;
            case ModelField:
                Model = JsonFields.ReadStringOrNull(ref reader, field, LongestModelName);
                return true;
            case PromptNameField:
                Choose(JsonFields.ReadStringOrNull(ref reader, field, LongestPromptName) is { } name ? PromptChoice.Named(name) : null, field);
                return true;
            case InputTypeField:
                Choose(ReadInputType(ref reader, field), field);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Refuses a prompt before token ids, which are a text already.</summary>
    /// <exception cref="Errors.BadRequestException">Both are there.</exception>
    public void CheckPrompt(IReadOnlyList<EmbeddingInput> texts)
    {
        if (Prompt is not null && texts.Any(text => text.TokenIds is not null))
            throw JsonBody.Invalid($"'{PromptField}' cannot be had with token ids: send the text, or put the ids of the prompt before its own.", PromptField);
    }

    private static PromptChoice? ReadInputType(ref Utf8JsonReader reader, string field)
    {
        if (JsonFields.ReadStringOrNull(ref reader, field) is not { } word)
            return null;
        return InputTypes.TryParse(word, out var inputType)
            ? PromptChoice.For(inputType.Value)
            : throw JsonBody.Invalid($"'{field}' must be {InputTypes.Known}, but is \"{Quoted.Of(word)}\".", field);
    }

    private void Choose(PromptChoice? choice, string field)
    {
        if (choice is not null && Prompt is not null && PromptField != field)
            throw JsonBody.Invalid($"'{PromptNameField}' and '{InputTypeField}' exclude each other.", field);
        Prompt = choice ?? (PromptField == field ? null : Prompt);
    }
}
