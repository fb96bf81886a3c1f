using ActorEmbed.Api.Http.Dialects.Ollama;
using ActorEmbed.Api.Http.Dialects.OpenAi;
using ActorEmbed.Api.Http.Dialects.Tei;

namespace ActorEmbed.Api.Http.Errors;

/// <summary>Which dialect a request speaks, as far as errors go.</summary>
internal sealed class ErrorFormats
{
    private readonly ProblemFormat _default = new();

    private readonly (PathString Path, ErrorFormat Format)[] _byPath =
    [
        ("/v1", new OpenAiErrors()),
        ("/api", new OllamaErrors()),
        ("/tokenize", TeiErrors.Instance),
        ("/similarity", TeiErrors.Instance),
    ];

    /// <summary>Notes that a request has turned out to speak another dialect than its path says.</summary>
    public static void Set(HttpContext context, ErrorFormat format) => context.Features.Set(format);

    /// <summary>The format for whoever sent this request.</summary>
    public ErrorFormat For(HttpContext context)
    {
        if (context.Features.Get<ErrorFormat>() is { } format)
            return format;
        foreach (var (path, byPath) in _byPath)
        {
            if (context.Request.Path.StartsWithSegments(path))
                return byPath;
        }

        return _default;
    }
}
