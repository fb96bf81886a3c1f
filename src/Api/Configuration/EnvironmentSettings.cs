using System.Text.RegularExpressions;

namespace ActorEmbed.Api.Configuration;

/// <summary>
/// Settings from variables such as <c>ACTOREMBED_PORT</c> or <c>ACTOREMBED_SCHEDULING__MAX_TEXTS_PER_BATCH</c>: two
/// underscores between section and name, single ones and case do not matter, lists have commas.
/// </summary>
internal static partial class EnvironmentSettings
{
    public const string Prefix = "ACTOREMBED_";

    // Read by those who start the server, and seen by it because it inherits their environment.
    private static readonly string[] OfTheClients = ["ACTOREMBED_EXECUTABLE"];

    /// <summary>The settings, and the names of variables that look like one but are none.</summary>
    public static (IReadOnlyList<GivenSetting> Settings, IReadOnlyList<string> Unknown) Read(IEnumerable<KeyValuePair<string, string>> variables)
    {
        var settings = new List<GivenSetting>();
        var unknown = new List<string>();
        foreach (var (name, value) in variables.Where(variable => OursRegex().IsMatch(variable.Key)))
        {
            if (OfTheClients.Contains(name, StringComparer.OrdinalIgnoreCase))
                continue;
            var isPrefixed = name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase);
            if (isPrefixed && ModelSettings.EntryPath(name[Prefix.Length..].Replace("__", ":", StringComparison.Ordinal)) is { } entry)
                settings.Add(new GivenSetting(entry, name, [value]));
            else if (isPrefixed && Setting.All.FirstOrDefault(setting => Normal(name[Prefix.Length..]) == Normal(setting.Path)) is { } setting)
                settings.Add(new GivenSetting(setting.Path, name, setting.IsList ? SplitList(value) : [value]));
            else
                unknown.Add(name);
        }

        return (settings, unknown);
    }

    /// <summary>Null, or what a variable that is no setting was meant to be.</summary>
    public static Setting? MeantBy(string unknown) => MeantSetting.Of(OursRegex().Match(unknown).Groups["name"].Value);

    /// <summary>The name of a setting's variable.</summary>
    public static string NameOf(Setting setting) => Prefix + string.Concat(setting.Path.Select((c, i) =>
        c == ':' ? "__" : i > 0 && char.IsUpper(c) && setting.Path[i - 1] != ':' ? $"_{c}" : char.ToUpperInvariant(c).ToString()));

    private static string[] SplitList(string value) => value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static string Normal(string name) => name.Replace("__", ":", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal).ToUpperInvariant();

    /// <summary>Our name and a separator, or none before a word; all the ways in which a shell or a container may write it.</summary>
    [GeneratedRegex("^ACTOR[_-]?EMBED([_:.-]+(?<name>.+)|(?<name>(API)?[_-]?(KEY|TOKEN|SECRET|PASSWORD)))$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex OursRegex();
}
