using System.Security.Cryptography;
using ActorEmbed.Inference.Files;
using ActorEmbed.Inference.Tokenization.WordPiece;

namespace ActorEmbed.Inference.Models;

/// <summary>
/// SHA-256 over what decides a model's vectors: weights, tokenizer and configuration. Two machines with the same
/// fingerprint and precision give the same vectors, as far as their CPUs round alike.
/// </summary>
internal static class ModelFingerprint
{
    /// <param name="directory">Of the transformer module; its small files are the tokenizer and the configuration.</param>
    /// <param name="weights">The files that the weights were read from.</param>
    public static string Of(string directory, IEnumerable<string> weights)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var configuration = Directory.EnumerateFiles(directory, "*.json").Concat(Directory.EnumerateFiles(directory, "*.model"))
            .Concat(Directory.EnumerateFiles(directory, BertParts.VocabularyFile));
        foreach (var path in configuration.Union(weights, StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            using var file = new FileStream(ModelFile.Open(path), FileAccess.Read);
            hash.AppendData(SHA256.HashData(file));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
