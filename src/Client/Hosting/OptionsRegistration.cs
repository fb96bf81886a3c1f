using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace ActorEmbed.Client.Hosting;

/// <summary>Options of a host, from code and from its configuration, checked before it starts.</summary>
internal static class OptionsRegistration
{
    /// <summary>What is set later wins.</summary>
    public static void AddOptionsOf<TOptions>(this IServiceCollection services, object? key, Action<TOptions>? configure)
        where TOptions : class
    {
        var options = services.AddOptions<TOptions>(OptionsName.Of(key)).ValidateOnStart();
        if (configure is not null)
            options.Configure(configure);
    }

    /// <summary>Reads a section. A misspelled setting would leave a default in its place without a word, so it is an error.</summary>
    public static Action<TOptions> BindStrictly<TOptions>(this IConfiguration configuration)
        where TOptions : class
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return options => configuration.Bind(options, binder => binder.ErrorOnUnknownConfiguration = true);
    }

    /// <summary>Once for all names.</summary>
    public static void AddOptionsCheck<TOptions>(this IServiceCollection services, Func<TOptions, IEnumerable<string>> failures)
        where TOptions : class =>
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<TOptions>>(new OptionsCheck<TOptions>(failures)));
}
