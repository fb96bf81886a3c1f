namespace ActorEmbed.Inference.Tokenization.Unicode;

/// <summary>The normalisation forms of Unicode.</summary>
internal enum UnicodeForm
{
    /// <summary>Canonical decomposition, then composition.</summary>
    Nfc,

    /// <summary>Canonical decomposition.</summary>
    Nfd,

    /// <summary>Compatibility decomposition, then composition.</summary>
    Nfkc,

    /// <summary>Compatibility decomposition.</summary>
    Nfkd,
}
