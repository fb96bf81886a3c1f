namespace ActorEmbed.Api.Http.Answers;

/// <summary>What the components of a vector are sent as, by the names that Cohere and Voyage give them.</summary>
internal enum VectorType
{
    /// <summary>As they are.</summary>
    Float,

    /// <summary>Whole numbers from -127 to 127.</summary>
    Int8,

    /// <summary>The same plus 128.</summary>
    UInt8,

    /// <summary>A bit for each component, eight of them as a number from -128 to 127.</summary>
    Binary,

    /// <summary>A bit for each component, eight of them as a number from 0 to 255.</summary>
    UBinary,
}
