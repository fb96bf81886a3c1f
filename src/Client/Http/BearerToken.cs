namespace ActorEmbed.Client.Http;

/// <summary>What may stand in a header as a token.</summary>
internal static class BearerToken
{
    // The token itself must not show up in a message.
    public const string Rule = "Token must be printable ASCII without spaces.";

    /// <summary>True also where there is none.</summary>
    public static bool IsValid(string? token) => token is null || (token.Length > 0 && !token.Any(character => character is <= ' ' or > '~'));
}
