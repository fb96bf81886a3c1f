using System.Text.Json;
using ActorEmbed.Api.Http.Bodies;

namespace ActorEmbed.Api.Http.Dialects.Ollama;

/// <summary>The field of a body that names the model it is about: <c>model</c>, or <c>name</c> as older clients have it.</summary>
internal sealed class ModelNameField
{
    private const string OldField = "name";

    private string? _value;

    /// <exception cref="Errors.BadRequestException">The body had none.</exception>
    public string Value => string.IsNullOrEmpty(_value)
        ? throw JsonBody.Missing(EmbedRequest.ModelField)
        : _value;

    /// <exception cref="Errors.BadRequestException">It is no string, or too long.</exception>
    public bool TryRead(string field, ref Utf8JsonReader reader)
    {
        if (field is not (EmbedRequest.ModelField or OldField))
            return false;
        var read = JsonFields.ReadStringOrNull(ref reader, field, EmbedRequest.LongestModelName);
        _value = field == EmbedRequest.ModelField ? read ?? _value : _value ?? read;
        return true;
    }
}
