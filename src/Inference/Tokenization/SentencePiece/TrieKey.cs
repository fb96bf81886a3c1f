namespace ActorEmbed.Inference.Tokenization.SentencePiece;

/// <summary>A key of a trie that is to be built: a slice of a byte array.</summary>
/// <param name="Offset">Where it starts.</param>
/// <param name="Length">Its bytes.</param>
/// <param name="Value">What the trie gives for it; not negative.</param>
internal readonly record struct TrieKey(int Offset, int Length, int Value);
