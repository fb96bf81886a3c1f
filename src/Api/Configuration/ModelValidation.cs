using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace ActorEmbed.Api.Configuration;

/// <summary>Finds what is wrong with the settings that say which models are served, as far as they themselves show it.</summary>
internal static class ModelValidation
{
    // Names reach answers, messages and measurements; a model's own on the hub has 193 characters at most.
    private const int LongestName = 256;

    public static IEnumerable<ValidationResult> ProblemsOf(ServerOptions options) =>
        [.. ProblemsOfOne(options), .. ProblemsOfDevice(options), .. options.Models.Count == 0 ? [] : ProblemsOfList(options)];

    private static IEnumerable<ValidationResult> ProblemsOfOne(ServerOptions options)
    {
        if (options.Model is not null && string.IsNullOrWhiteSpace(options.Model))
            yield return Problem("Model is empty; leave it out to take the default.", nameof(options.Model));
        var needed = options.Models.Count > 0 ? "belongs to one model: say it of each in Models" : null;
        if (options.Revision is not null && options.Model is null)
            yield return Problem($"Revision {needed ?? "needs Model: it says which state of that model"}.", nameof(options.Revision));
        if (options.Variant is not null && options.Model is null)
            yield return Problem($"Variant {needed ?? "needs Model: it says which graph of that model"}.", nameof(options.Variant));
        if (options.Pooling is not null && options.Model is null)
            yield return Problem($"Pooling {needed ?? "needs Model: the models that are taken without one say themselves how they are pooled"}.", nameof(options.Pooling));
        if ((options.Model is not null || options.Models.Count > 0) && !options.HasModel)
            yield return Problem("Model: a router runs none; leave it out, or say by Cluster:ExpectedModel (--expect-model) which one it is to serve.", nameof(options.Model));
    }

    /// <summary>Numbers that a device does not take.</summary>
    private static IEnumerable<ValidationResult> ProblemsOfDevice(ServerOptions options) => options.ServedModels
        .Select(entry => options.ToModelOptions(entry).FindConflict())
        .OfType<string>()
        .Distinct()
        .Select(conflict => new ValidationResult(conflict, [nameof(options.Device), nameof(options.Precision)]));

    private static IEnumerable<ValidationResult> ProblemsOfList(ServerOptions options)
    {
        if (options.Model is not null)
            yield return Problem("Model and Models exclude each other: write all of them in Models.", nameof(options.Model));
        for (var i = 0; i < options.Models.Count; i++)
        {
            var entry = options.Models[i];
            if (string.IsNullOrWhiteSpace(entry.Model))
                yield return Problem(string.Create(CultureInfo.InvariantCulture, $"{ModelSettings.List}:{i} has no Model: a directory, or a name on the hub."), ModelSettings.List);
            if (entry.Name is { } name && (string.IsNullOrWhiteSpace(name) || name.Length > LongestName || name.Any(char.IsControl)))
                yield return Problem(string.Create(CultureInfo.InvariantCulture, $"{ModelSettings.List}:{i}:Name must be a text of 1 to {LongestName} visible characters."), $"{ModelSettings.List}:{i}:{nameof(entry.Name)}");
        }

        foreach (var twice in options.Models.GroupBy(entry => entry.Name ?? entry.Model ?? "", StringComparer.OrdinalIgnoreCase).Where(same => same.Count() > 1))
            yield return Problem($"{ModelSettings.List}: '{twice.Key}' is there {twice.Count()} times; give each a Name of its own.", ModelSettings.List);
    }

    private static ValidationResult Problem(string message, string setting) => new(message, [setting]);
}
