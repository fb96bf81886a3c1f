using System.CommandLine;
using ActorEmbed.Api.Configuration;

namespace ActorEmbed.Api.CommandLine;

/// <summary>A setting's option on the command line. Default and range come from the setting.</summary>
internal sealed class SettingOption
{
    private readonly Setting _setting;

    /// <param name="name">Such as <c>--port</c>.</param>
    /// <param name="path">As <see cref="Setting.Path"/>.</param>
    /// <param name="helpName">What stands for the value in the help; null for a flag.</param>
    /// <param name="description">What it is, for the help.</param>
    public SettingOption(string name, string path, string? helpName, string description)
    {
        _setting = Setting.Named(path);
        var text = Describe(description);
        // Values stay texts here: one place reads them, whatever source they come from.
        Option = _setting.IsFlag
            ? new Option<bool>(name) { Description = text }
            : new Option<string[]>(name) { Description = text, HelpName = helpName, Arity = ArgumentArity.OneOrMore, AllowMultipleArgumentsPerToken = false };
    }

    public Option Option { get; }

    /// <summary>What the command line says; null when it does not mention the setting.</summary>
    public GivenSetting? Read(ParseResult arguments)
    {
        if (arguments.GetResult(Option) is not { Implicit: false })
            return null;
        string[] values = Option is Option<bool> flag ? [arguments.GetValue(flag) ? "true" : "false"] : arguments.GetValue((Option<string[]>)Option)!;
        return new GivenSetting(_setting.Path, Option.Name, values);
    }

    private string Describe(string description)
    {
        string?[] facts =
        [
            _setting.RangeText,
            _setting.DefaultText is { } value ? $"default {value}" : null,
            _setting.IsList ? "may be repeated" : null,
        ];
        var known = string.Join("; ", facts.OfType<string>());
        return known.Length == 0 ? description : $"{description} [{known}]";
    }
}
