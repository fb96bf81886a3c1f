namespace ActorEmbed.Api.Configuration;

/// <summary>Settings from the section <c>ActorEmbed</c> of <c>appsettings.json</c> beside the executable.</summary>
internal static class FileSettings
{
    public const string FileName = "appsettings.json";
    private const string SectionName = "ActorEmbed";

    /// <exception cref="InvalidDataException">The file is not valid JSON.</exception>
    public static IReadOnlyList<GivenSetting> Read(string directory)
    {
        var root = new ConfigurationBuilder()
            .SetBasePath(directory)
            .AddJsonFile(FileName, optional: true, reloadOnChange: false)
            .Build();
        return [.. Read(root.GetSection(SectionName), "")];
    }

    private static IEnumerable<GivenSetting> Read(IConfigurationSection section, string prefix)
    {
        foreach (var child in section.GetChildren())
        {
            var path = prefix + child.Key;
            var known = Setting.All.FirstOrDefault(setting => setting.Path.Equals(path, StringComparison.OrdinalIgnoreCase));
            var items = child.GetChildren().ToList();
            if (known?.Path == ModelSettings.List)
            {
                foreach (var setting in items.SelectMany(ReadModel))
                    yield return setting;
                continue;
            }

            if (known is null && items.Count > 0)
            {
                foreach (var below in Read(child, path + ":"))
                    yield return below;
                continue;
            }

            IReadOnlyList<string> values = items.Count > 0 ? [.. items.Select(item => item.Value ?? "")] : child.Value is { } value ? [value] : [];
            // A null in the file is the same as leaving the setting out, and so is an empty section.
            if (values.Count > 0)
                yield return new GivenSetting(known?.Path ?? path, FileName, values);
        }
    }

    /// <summary>A model of the list is a text, or an object with more of it than that.</summary>
    private static IEnumerable<GivenSetting> ReadModel(IConfigurationSection item)
    {
        var path = $"{ModelSettings.List}:{item.Key}:";
        if (item.Value is { } model)
            yield return new GivenSetting(path + nameof(ModelEntry.Model), FileName, [model]);
        foreach (var property in item.GetChildren())
        {
            if (property.Value is { } value)
                yield return new GivenSetting(ModelSettings.EntryPath(path + property.Key) ?? path + property.Key, FileName, [value]);
        }
    }
}
