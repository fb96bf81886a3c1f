namespace ActorEmbed.Api.CommandLine.Embedding;

/// <summary>How <c>actorembed embed</c> writes vectors.</summary>
internal enum VectorFormat
{
    /// <summary>A JSON object a line, as soon as it is known.</summary>
    Jsonl,

    /// <summary>A NumPy array of float32, [texts, dimensions].</summary>
    Npy,

    /// <summary>float32, little-endian, one vector after the other, nothing else.</summary>
    Raw,
}
