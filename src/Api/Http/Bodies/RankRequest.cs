using System.Text.Json;

namespace ActorEmbed.Api.Http.Bodies;

/// <summary>What every dialect that reranks can ask for.</summary>
/// <param name="textsField">The field that holds the texts.</param>
/// <param name="kinds">What that field may hold beside a list of texts.</param>
/// <param name="limits">Most texts, and characters of one.</param>
internal sealed class RankRequest(string textsField, TextFieldKinds kinds, ServerOptions limits)
{
    private const string QueryField = "query";

    private string? _query;
    private TextField? _texts;

    /// <summary>What the texts are scored against.</summary>
    public string Query => _query!;

    /// <summary>Where the texts stood.</summary>
    public TextField Texts => _texts!;

    /// <summary>Whether query and text are cut where both together are too long; if not, they are refused.</summary>
    public bool Truncate { get; private set; } = true;

    /// <summary>The model that the caller expects, by name.</summary>
    public string? Model { get; private set; }

    /// <summary>Reads a field that dialects share; false when it is none.</summary>
    /// <exception cref="Errors.BadRequestException">It is of the wrong type, or too large.</exception>
    public bool TryRead(string field, ref Utf8JsonReader reader)
    {
        switch (field)
        {
            case QueryField:
                _query = TextField.ReadSingle(ref reader, field, limits);
                return true;
            case EmbedRequest.TruncateField or EmbedRequest.TruncationField:
                Truncate = JsonFields.ReadBooleanOrNull(ref reader, field) ?? true;
                return true;
            case EmbedRequest.ModelField:
                Model = JsonFields.ReadStringOrNull(ref reader, field, EmbedRequest.LongestModelName);
                return true;
            default:
                if (field != textsField)
                    return false;
                _texts = TextField.Read(ref reader, field, kinds, limits);
                return true;
        }
    }

    /// <summary>Refuses a request that has nothing to rank.</summary>
    /// <exception cref="Errors.BadRequestException">The query or the texts are missing, or there are none.</exception>
    public void Check()
    {
        if (_query is null)
            throw JsonBody.Missing(QueryField);
        TextField.Required(_texts, textsField);
    }
}
