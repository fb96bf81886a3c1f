namespace ActorEmbed.Inference.Hub;

/// <summary>Why a model could not be pulled. docs/models.md says for each what to do.</summary>
public enum PullFailure
{
    /// <summary>The model id, revision or variant is not of the form the hub knows.</summary>
    InvalidReference,

    /// <summary>A setting, mostly an environment variable, is not usable.</summary>
    InvalidSettings,

    /// <summary>The hub cannot be reached, or the connection broke or stalled again and again.</summary>
    Network,

    /// <summary>The hub wants a token, or refuses the one it was given.</summary>
    Unauthorized,

    /// <summary>The model's owner asks every user to accept conditions first.</summary>
    Gated,

    /// <summary>No such model, revision, variant or file.</summary>
    NotFound,

    /// <summary>The model is of a kind that cannot be run here; nothing large was fetched.</summary>
    NotSupported,

    /// <summary>The hub kept answering 429.</summary>
    RateLimited,

    /// <summary>The hub kept answering 5xx.</summary>
    ServerError,

    /// <summary>The cache's disk has no room.</summary>
    DiskFull,

    /// <summary>The cache directory cannot be written.</summary>
    CacheNotWritable,

    /// <summary>What arrived is not what the hub announced, twice.</summary>
    ChecksumMismatch,

    /// <summary>Offline was asked for and the model is not in the cache.</summary>
    OfflineAndAbsent,

    /// <summary>The server does not speak the hub's API, or says something impossible.</summary>
    Protocol,
}
