using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Json.Serialization;
using ActorEmbed.Actors.Clustering;
using ActorEmbed.Actors.Scheduling;

namespace ActorEmbed.Api.Configuration;

/// <summary>
/// One property of <see cref="ServerOptions"/> or of a class below it, as configuration sees it: a path such as
/// <c>Scheduling:RequestTimeout</c> and a text.
/// </summary>
internal sealed class Setting
{
    private static readonly Type[] Sections = [typeof(SchedulingOptions), typeof(ClusterOptions)];
    private static readonly ServerOptions Defaults = new() { Cluster = new ClusterOptions() };
    private readonly PropertyInfo? _section;
    private readonly PropertyInfo _property;

    private Setting(PropertyInfo? section, PropertyInfo property)
    {
        (_section, _property) = (section, property);
        Path = section is null ? property.Name : $"{section.Name}:{property.Name}";
    }

    /// <summary>Every setting there is.</summary>
    public static IReadOnlyList<Setting> All { get; } =
    [
        .. typeof(ServerOptions).GetProperties().Where(property => !Sections.Contains(property.PropertyType))
            .Select(property => new Setting(null, property)),
        .. typeof(ServerOptions).GetProperties().Where(property => Sections.Contains(property.PropertyType))
            .SelectMany(section => section.PropertyType.GetProperties().Select(property => new Setting(section, property))),
    ];

    /// <summary>Sections and name, with colons between them.</summary>
    public string Path { get; }

    public bool IsList => _property.PropertyType.IsAssignableFrom(typeof(string[])) || IsModels;

    /// <summary>Whether it is never shown, and keeps others out.</summary>
    public bool IsCredential => _property.IsDefined(typeof(JsonIgnoreAttribute));

    public bool IsFlag => _property.PropertyType == typeof(bool);

    /// <summary>The default, for a person; null where there is none or nothing to say.</summary>
    public string? DefaultText => _property.GetValue(Owner(Defaults)) switch
    {
        null or bool or IEnumerable<string> or IEnumerable<ModelEntry> => null,
        TimeSpan time => time.TotalSeconds.ToString(CultureInfo.InvariantCulture),
        Enum member => member.ToString().ToLowerInvariant(),
        var value => Convert.ToString(value, CultureInfo.InvariantCulture),
    };

    /// <summary>The range, for a person; null where there is none.</summary>
    public string? RangeText => _property.GetCustomAttribute<RangeAttribute>() is not { } range ? null
        : range.OperandType == typeof(TimeSpan) ? $"{Seconds(range.Minimum)} to {Seconds(range.Maximum)}"
        : string.Create(CultureInfo.InvariantCulture, $"{range.Minimum} to {range.Maximum}");

    public static Setting Named(string path) => All.Single(setting => setting.Path == path);

    /// <summary>Sets it from texts; why that is not possible, or null.</summary>
    public string? TrySet(ServerOptions options, IReadOnlyList<string> values)
    {
        object? value;
        string? expected = null;
        if (IsModels)
            value = values.Select(model => new ModelEntry { Model = model }).ToArray();
        else if (IsList)
            value = values.ToArray();
        else if (values.Count != 1)
            return $"{Path} is given {values.Count} times";
        else
            (value, expected) = SettingText.Parse(values[0], Nullable.GetUnderlyingType(_property.PropertyType) ?? _property.PropertyType);
        if (expected is not null)
            return $"{Path} must be {expected}, but is '{values[0]}'";
        _property.SetValue(Owner(options), value);
        return null;
    }

    private bool IsModels => Path == ModelSettings.List;

    private object Owner(ServerOptions options)
    {
        if (_section is null)
            return options;
        if (_section.GetValue(options) is { } existing)
            return existing;
        // A section that is not there by default begins with its first setting.
        var section = Activator.CreateInstance(_section.PropertyType)!;
        _section.SetValue(options, section);
        return section;
    }

    private static string Seconds(object bound) =>
        TimeSpan.Parse((string)bound, CultureInfo.InvariantCulture).TotalSeconds.ToString(CultureInfo.InvariantCulture);
}
