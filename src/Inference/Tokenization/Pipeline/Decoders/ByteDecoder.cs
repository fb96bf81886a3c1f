using System.Globalization;
using System.Text;

namespace ActorEmbed.Inference.Tokenization.Pipeline.Decoders;

/// <summary>Bytes back to characters; what is no UTF-8 becomes U+FFFD.</summary>
internal static class ByteDecoder
{
    /// <summary>Every character of a byte-level vocabulary stands for a byte.</summary>
    public static ITokenDecoder Alphabet { get; } = new OfAlphabet();

    /// <summary>Pieces such as <c>&lt;0x0A&gt;</c> stand for a byte, all others for themselves.</summary>
    public static ITokenDecoder Fallback { get; } = new OfFallback();

    private sealed class OfAlphabet : ITokenDecoder
    {
        public List<string> Decode(List<string> pieces)
        {
            var bytes = new List<byte>();
            foreach (var piece in pieces)
            {
                // An added token need not be spelt in that alphabet.
                if (ByteAlphabet.TryRead(piece, out var read))
                    bytes.AddRange(read);
                else
                    bytes.AddRange(Encoding.UTF8.GetBytes(piece));
            }

            return [Encoding.UTF8.GetString([.. bytes])];
        }
    }

    private sealed class OfFallback : ITokenDecoder
    {
        private const int Length = 6;

        public List<string> Decode(List<string> pieces)
        {
            var result = new List<string>();
            var bytes = new List<byte>();
            foreach (var piece in pieces)
            {
                if (TryRead(piece, out var value))
                {
                    bytes.Add(value);
                    continue;
                }

                Flush(bytes, result);
                result.Add(piece);
            }

            Flush(bytes, result);
            return result;
        }

        private static bool TryRead(string piece, out byte value)
        {
            value = 0;
            return piece.Length == Length && piece.StartsWith("<0x", StringComparison.Ordinal) && piece[^1] == '>'
                && byte.TryParse(piece.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
        }

        /// <summary>Where one byte of a run is wrong, all of them are, as the Rust tokenizers library has it.</summary>
        private static void Flush(List<byte> bytes, List<string> result)
        {
            if (bytes.Count == 0)
                return;
            try
            {
                result.Add(new UTF8Encoding(false, throwOnInvalidBytes: true).GetString([.. bytes]));
            }
            catch (DecoderFallbackException)
            {
                result.AddRange(bytes.Select(_ => "\uFFFD"));
            }

            bytes.Clear();
        }
    }
}
