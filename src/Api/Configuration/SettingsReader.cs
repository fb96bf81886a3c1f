using System.ComponentModel.DataAnnotations;

namespace ActorEmbed.Api.Configuration;

/// <summary>
/// Puts the options together: command line over environment over <c>appsettings.json</c> over defaults. A list is taken
/// whole from the first source that has it.
/// </summary>
internal static class SettingsReader
{
    /// <param name="commandLine">What the command line says.</param>
    /// <param name="environment">All environment variables.</param>
    /// <param name="directory">Where <c>appsettings.json</c> lies.</param>
    /// <exception cref="ValidationException">Something is wrong; the message names every setting and where it was given.</exception>
    public static EffectiveSettings Read(
        IReadOnlyList<GivenSetting> commandLine, IEnumerable<KeyValuePair<string, string>> environment, string directory)
    {
        var problems = new List<string>();
        var (variables, unknownVariables) = EnvironmentSettings.Read(environment);
        var options = new ServerOptions();
        var given = new Dictionary<string, GivenSetting>(StringComparer.Ordinal);
        foreach (var source in new[] { ReadFile(directory, problems), variables, commandLine })
            Add(source, given);

        ModelSettings.SetEntries(given.Values.Where(IsEntry), options, problems);
        foreach (var value in given.Values.Where(value => !IsEntry(value)))
        {
            var known = Setting.All.FirstOrDefault(setting => setting.Path == value.Path);
            var problem = known is null ? $"'{value.Path}' is no setting" : known.TrySet(options, value.Values);
            if (problem is not null)
                problems.Add($"{problem} ({value.Source}).");
        }

        foreach (var name in unknownVariables)
        {
            if (EnvironmentSettings.MeantBy(name) is { } meant)
                problems.Add($"The environment variable {name} is no setting; did you mean {EnvironmentSettings.NameOf(meant)}?");
        }

        problems.AddRange(ServerOptionsValidation.ProblemsOf(options).Select(problem => Explain(problem, given)));
        return problems.Count == 0
            ? new EffectiveSettings(options, unknownVariables)
            : throw new ValidationException(string.Join(" ", problems));
    }

    /// <summary>The environment and the executable's directory of this process.</summary>
    /// <inheritdoc cref="Read(IReadOnlyList{GivenSetting}, IEnumerable{KeyValuePair{string, string}}, string)" path="/exception"/>
    public static EffectiveSettings Read(IReadOnlyList<GivenSetting> commandLine) => Read(
        commandLine,
        Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>()
            .Select(variable => KeyValuePair.Create((string)variable.Key, (string)variable.Value!)),
        AppContext.BaseDirectory);

    /// <summary>Each setting wins over what another source says of it, and which models are served over all that others say of that.</summary>
    private static void Add(IReadOnlyList<GivenSetting> source, Dictionary<string, GivenSetting> given)
    {
        if (source.Any(ModelSettings.Contains))
        {
            foreach (var setting in given.Values.Where(ModelSettings.Contains).ToArray())
                given.Remove(setting.Path);
        }

        foreach (var setting in source.Select(ModelSettings.AsList).Select(ModelSettings.AsListOfExpected))
            given[setting.Path] = setting;
    }

    private static bool IsEntry(GivenSetting given) => ModelSettings.EntryPath(given.Path) is not null;

    private static IReadOnlyList<GivenSetting> ReadFile(string directory, List<string> problems)
    {
        try
        {
            return FileSettings.Read(directory);
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            problems.Add($"{Path.Combine(directory, FileSettings.FileName)} cannot be read: {(e.InnerException ?? e).Message}");
            return [];
        }
    }

    private static string Explain(ValidationResult problem, Dictionary<string, GivenSetting> given)
    {
        var sources = problem.MemberNames
            .SelectMany(name => given.Values.Where(value => value.Path == name && (IsEntry(value) || IsShown(name))))
            .Select(value => $" ({value.Source}: {string.Join(", ", value.Values)})");
        return problem.ErrorMessage!.TrimEnd('.') + string.Concat(sources) + ".";
    }

    private static bool IsShown(string path) => !Setting.Named(path).IsCredential;
}
