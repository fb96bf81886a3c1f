using ActorEmbed.Inference;

namespace ActorEmbed.Api;

/// <summary>One of several models that a server is told to serve.</summary>
internal sealed class ModelEntry
{
    /// <summary>Directory of the model, or its name on the hub; null, where no list is given, takes the default.</summary>
    public string? Model { get; set; }

    /// <summary>
    /// A name that requests may give beside the model's own, and by which lists and answers call it; null for none. Needed
    /// where one model is served twice, as in two precisions.
    /// </summary>
    public string? Name { get; set; }

    /// <inheritdoc cref="ServerOptions.Revision" />
    public string? Revision { get; set; }

    /// <inheritdoc cref="ServerOptions.Variant" />
    public string? Variant { get; set; }

    /// <inheritdoc cref="ServerOptions.Pooling" />
    public PoolingMode? Pooling { get; set; }

    /// <summary>Null takes <see cref="ServerOptions.Precision"/>.</summary>
    public Precision? Precision { get; set; }
}
