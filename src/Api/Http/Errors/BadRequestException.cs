namespace ActorEmbed.Api.Http.Errors;

/// <summary>A request that is wrong: its status, and which field and which text of it.</summary>
internal sealed class BadRequestException(int status, string message, string? fieldName = null, int? index = null)
    : Exception(message)
{
    public int Status => status;

    public string? FieldName => fieldName;

    public int? Index => index;
}
