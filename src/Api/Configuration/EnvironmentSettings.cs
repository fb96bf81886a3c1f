namespace ActorEmbed.Api.Configuration;

/// <summary>
/// Settings from variables such as <c>ACTOREMBED_PORT</c> or <c>ACTOREMBED_SCHEDULING__MAX_TEXTS_PER_BATCH</c>: two
/// underscores between section and name, single ones and case do not matter, lists have commas.
/// </summary>
internal static class EnvironmentSettings
{
    public const string Prefix = "ACTOREMBED_";

    /// <summary>The settings, and the names of variables that look like one but are none.</summary>
    public static (IReadOnlyList<GivenSetting> Settings, IReadOnlyList<string> Unknown) Read(IEnumerable<KeyValuePair<string, string>> variables)
    {
        var settings = new List<GivenSetting>();
        var unknown = new List<string>();
        foreach (var (name, value) in variables.Where(variable => variable.Key.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)))
        {
            if (Setting.All.FirstOrDefault(setting => Normal(name[Prefix.Length..]) == Normal(setting.Path)) is { } setting)
                settings.Add(new GivenSetting(setting.Path, name, setting.IsList ? SplitList(value) : [value]));
            else
                unknown.Add(name);
        }

        return (settings, unknown);
    }

    /// <summary>
    /// Null, or what a variable that is no setting was meant to be. A secret under a wrong name is no secret: the port
    /// that it should have shut would be open, so this is worth more than a warning.
    /// </summary>
    public static Setting? MeantBy(string unknown)
    {
        var letters = Letters(unknown[Prefix.Length..]);
        return Setting.All.FirstOrDefault(setting => Letters(setting.Path) == letters)
            ?? Setting.All.FirstOrDefault(setting => setting.IsCredential && letters.Contains(Letters(setting.Path.Split(':')[^1]), StringComparison.Ordinal));
    }

    /// <summary>The name of a setting's variable.</summary>
    public static string NameOf(Setting setting) => Prefix + string.Concat(setting.Path.Select((c, i) =>
        c == ':' ? "__" : i > 0 && char.IsUpper(c) && setting.Path[i - 1] != ':' ? $"_{c}" : char.ToUpperInvariant(c).ToString()));

    private static string[] SplitList(string value) => value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static string Letters(string name) => string.Concat(name.Where(char.IsAsciiLetterOrDigit)).ToUpperInvariant();

    private static string Normal(string name) => name.Replace("__", ":", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal).ToUpperInvariant();
}
