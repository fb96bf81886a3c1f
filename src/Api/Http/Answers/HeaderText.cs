namespace ActorEmbed.Api.Http.Answers;

/// <summary>A name as the value of a header, which holds printable ASCII only.</summary>
internal static class HeaderText
{
    /// <summary>What a header cannot hold is escaped as in an address; names of the hub stay as they are.</summary>
    public static string Of(string name) => string.Join('/', name.Split('/').Select(Uri.EscapeDataString));
}
