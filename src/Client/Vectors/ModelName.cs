namespace ActorEmbed.Client.Vectors;

/// <summary>The names that a model goes by.</summary>
internal static class ModelName
{
    private const string Header = "X-Embedding-Model";

    /// <summary>Id of the model that made an answer, from servers that tell it; what a header cannot hold is escaped as in an address.</summary>
    public static string? Of(HttpResponseMessage response) =>
        response.Headers.TryGetValues(Header, out var values) ? Uri.UnescapeDataString(values.First()) : null;

    /// <summary>Ids with an owner must agree in full, a short name with the end of one.</summary>
    public static bool IsSame(string one, string other) => string.Equals(
        one.Contains('/') && other.Contains('/') ? one : Short(one),
        one.Contains('/') && other.Contains('/') ? other : Short(other),
        StringComparison.OrdinalIgnoreCase);

    private static string Short(string name) => name[(name.LastIndexOf('/') + 1)..];
}
