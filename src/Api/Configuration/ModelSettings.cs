using System.Globalization;
using System.Reflection;

namespace ActorEmbed.Api.Configuration;

/// <summary>
/// The settings that say which models are served: <see cref="ServerOptions.Model"/> for one,
/// <see cref="ServerOptions.Models"/> for a list, and <c>Models:0:Precision</c> and the like for what an entry of it has.
/// They are taken together from the first source that has any.
/// </summary>
internal static class ModelSettings
{
    public const string List = nameof(ServerOptions.Models);

    /// <summary>Whether a setting is one of them.</summary>
    public static bool Contains(GivenSetting given) => given.Path is nameof(ServerOptions.Model) or List || given.Path.StartsWith(List + ":", StringComparison.Ordinal);

    /// <summary>The path as it is written here; null where it is not that of an entry.</summary>
    /// <param name="path">In any case, underscores as they come.</param>
    public static string? EntryPath(string path)
    {
        var parts = path.Replace("_", "", StringComparison.Ordinal).Split(':');
        return parts.Length == 3 && parts[0].Equals(List, StringComparison.OrdinalIgnoreCase) && IndexOf(parts[1]) is { } index && Property(parts[2]) is { } property
            ? string.Create(CultureInfo.InvariantCulture, $"{List}:{index}:{property.Name}")
            : null;
    }

    /// <summary>Several values for the one model are a list.</summary>
    public static GivenSetting AsList(GivenSetting given) =>
        given is { Path: nameof(ServerOptions.Model), Values.Count: > 1 } ? given with { Path = List } : given;

    /// <summary>The same for the models that a router of a cluster expects.</summary>
    public static GivenSetting AsListOfExpected(GivenSetting given) =>
        given is { Path: "Cluster:ExpectedModel", Values.Count: > 1 } ? given with { Path = "Cluster:ExpectedModels" } : given;

    /// <summary>Puts the list together.</summary>
    /// <param name="given">Those of one source that are paths of entries, in any order.</param>
    /// <param name="options">Get the list.</param>
    /// <param name="problems">Get a sentence for each value that cannot be read.</param>
    public static void SetEntries(IEnumerable<GivenSetting> given, ServerOptions options, List<string> problems)
    {
        var entries = new SortedDictionary<int, ModelEntry>();
        foreach (var setting in given)
        {
            var parts = setting.Path.Split(':');
            var index = IndexOf(parts[1])!.Value;
            if (!entries.TryGetValue(index, out var entry))
                entries.Add(index, entry = new ModelEntry());
            var property = Property(parts[2])!;
            var (value, expected) = SettingText.Parse(setting.Values[0], Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType);
            if (expected is null)
                property.SetValue(entry, value);
            else
                problems.Add($"{setting.Path} must be {expected}, but is '{setting.Values[0]}' ({setting.Source}).");
        }

        if (entries.Count > 0)
            options.Models = [.. entries.Values];
    }

    private static int? IndexOf(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : null;

    private static PropertyInfo? Property(string name) =>
        typeof(ModelEntry).GetProperties().FirstOrDefault(property => property.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
}
