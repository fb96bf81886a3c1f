using Microsoft.Extensions.Options;

namespace ActorEmbed.Client.Hosting;

/// <summary>Reports all wrong options of a host together, before it starts.</summary>
internal sealed class OptionsCheck<TOptions>(Func<TOptions, IEnumerable<string>> failures) : IValidateOptions<TOptions>
    where TOptions : class
{
    public ValidateOptionsResult Validate(string? name, TOptions options)
    {
        var found = failures(options).ToArray();
        return found.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(found);
    }
}
