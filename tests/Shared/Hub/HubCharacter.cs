namespace ActorEmbed.Tests.Shared.Hub;

/// <summary>What a hub is like: the real one by default, otherwise a mirror, or the real one on a bad day.</summary>
public sealed class HubCharacter
{
    /// <summary>When set, requests without it are answered 401: the model is private.</summary>
    public string? RequiredToken { get; set; }

    /// <summary>When set, requests with another token are answered 401, as the real hub does for public models, too.</summary>
    public string? OnlyToken { get; set; }

    /// <summary>The model's former id: everything that is asked for under it is redirected, with its query.</summary>
    public string? FormerId { get; set; }

    /// <summary>Whether the model is gated: its list is public, its files are not.</summary>
    public bool IsGated { get; set; }

    /// <summary>Whether lists tell sizes and hashes; some mirrors do not.</summary>
    public bool HasBlobs { get; set; } = true;

    /// <summary>Whether an address with a query is unknown, as with some mirrors.</summary>
    public bool RefusesQueries { get; set; }

    /// <summary>Whether <c>/tree</c> is known.</summary>
    public bool HasTree { get; set; } = true;

    /// <summary>How many files the short list names; null for all. Without any it has no <c>siblings</c>.</summary>
    public int? SiblingsShown { get; set; }

    /// <summary>Files of one page of a tree.</summary>
    public int TreePageFiles { get; set; } = 1000;

    /// <summary>When set, the next page of a tree is said to be there.</summary>
    public Uri? NextPagesAt { get; set; }

    /// <summary>When set, everything is redirected to this address, as a mirror does for those who do not need it.</summary>
    public Uri? RedirectsTo { get; set; }
}
