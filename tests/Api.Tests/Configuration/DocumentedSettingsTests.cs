using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;

namespace ActorEmbed.Api.Tests.Configuration;

/// <summary>A figure that stands in a document and in the code is the same in both.</summary>
public sealed partial class DocumentedSettingsTests
{
    // Sections have tables of their own, or are left to the source.
    private static readonly string[] Sections = [nameof(ServerOptions.Scheduling), nameof(ServerOptions.Cluster)];

    // What happens without the setting, where that is no value of it.
    private static readonly Dictionary<string, string> InWords = new()
    {
        [nameof(ServerOptions.Model)] = "[see below](#which-model)",
        [nameof(ServerOptions.Revision)] = "`main`",
        [nameof(ServerOptions.Threads)] = "one for each core",
        [nameof(ServerOptions.Precision)] = "`fp32`, on cuda and mps `fp16`",
    };

    [Fact]
    public void Every_default_in_the_table_of_settings_is_the_one_that_is_in_effect()
    {
        var options = new ServerOptions();
        var rows = Rows("server.md", "| setting |").Where(row => !row[0].Contains("...", StringComparison.Ordinal)).ToArray();

        foreach (var row in rows)
        {
            var name = row[0].Trim('`');
            Assert.Equal((name, InWords.GetValueOrDefault(name) ?? InTable(ValueOf(options, name))), (name, row[2]));
        }

        var documented = rows.Select(row => row[0].Trim('`'));
        var settings = typeof(ServerOptions).GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(p => p.Name).Except(Sections);
        Assert.Empty(settings.Except(documented));
    }

    [Fact]
    public void Every_limit_in_the_table_of_limits_is_the_one_that_is_in_effect()
    {
        var options = new ServerOptions();
        var rows = Rows("security.md", "| what | limit |").Where(row => row[2].Length > 0).ToArray();

        Assert.NotEmpty(rows);
        foreach (var row in rows)
        {
            var limits = row[1].Split(", ");
            var names = Setting().Matches(row[2]).Select(match => match.Groups[1].Value).ToArray();
            Assert.Equal((row[0], names.Length), (row[0], limits.Length));
            for (var i = 0; i < names.Length; i++)
                Assert.Contains(InLimits(ValueOf(options, names[i])), written => IsWritten(limits[i], written));
        }
    }

    private static bool IsWritten(string limit, string written) => limit == written || limit.StartsWith(written + " ", StringComparison.Ordinal);

    private static object? ValueOf(object options, string path) => path.Split(':').Aggregate((object?)options, (value, name) =>
        (value!.GetType().GetProperty(name) ?? throw new InvalidOperationException($"There is no setting {path}.")).GetValue(value));

    private static string InTable(object? value) => value switch
    {
        null => "",
        false => "off",
        true => "on",
        TimeSpan time => time.TotalSeconds.ToString(CultureInfo.InvariantCulture),
        // A port is a name, not a quantity.
        int port and >= 8_421 and <= 8_422 => port.ToString(CultureInfo.InvariantCulture),
        int number => number.ToString("N0", CultureInfo.InvariantCulture),
        long number => number.ToString("N0", CultureInfo.InvariantCulture),
        string text => $"`{text}`",
        Enum choice => $"`{choice.ToString().ToLowerInvariant()}`",
        IEnumerable list when !list.Cast<object>().Any() => "",
        _ => throw new NotSupportedException($"How is {value} written?"),
    };

    private static IEnumerable<string> InLimits(object? value)
    {
        if (value is TimeSpan time)
            return [string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds} s")];
        var number = Convert.ToInt64(value, CultureInfo.InvariantCulture);
        return new (long Unit, string Name)[] { (1, ""), (1, " B/s"), (1_000, " KB"), (1_000_000, " MB"), (1 << 20, " MiB") }
            .Where(unit => number % unit.Unit == 0)
            .Select(unit => string.Create(CultureInfo.InvariantCulture, $"{number / unit.Unit:N0}{unit.Name}"));
    }

    /// <summary>The rows of the table that begins so, cell by cell.</summary>
    private static IEnumerable<string[]> Rows(string document, string head) =>
        File.ReadLines(Path.Combine(AppContext.BaseDirectory, "docs", document))
            .SkipWhile(line => !line.StartsWith(head, StringComparison.Ordinal))
            .TakeWhile(line => line.StartsWith('|'))
            .Skip(2)
            .Select(line => line.Trim('|').Split('|').Select(cell => cell.Trim()).ToArray());

    [GeneratedRegex("`([A-Za-z:]+)`")]
    private static partial Regex Setting();
}
