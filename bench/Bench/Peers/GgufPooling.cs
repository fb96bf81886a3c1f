namespace ActorEmbed.Bench.Peers;

/// <summary>How token vectors become the vector of a text, with the numbers that llama.cpp gives them.</summary>
internal enum GgufPooling : uint
{
    /// <summary>Their mean.</summary>
    Mean = 1,

    /// <summary>The first one.</summary>
    FirstToken = 2,

    /// <summary>The last one.</summary>
    LastToken = 3,
}
