using System.Globalization;
using System.Runtime.CompilerServices;

namespace ActorEmbed.Inference.Tokenization.SentencePiece;

/// <summary>Extended grapheme clusters, with a short cut for the text that most texts consist of.</summary>
internal static class GraphemeCluster
{
    /// <summary>UTF-16 code units of the cluster that a text begins with.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Length(ReadOnlySpan<char> text)
    {
        if (IsPlain(text[0]) && (text.Length == 1 || IsPlain(text[1])))
            return 1;
        return StringInfo.GetNextTextElementLength(text);
    }

    /// <summary>
    /// Whether the character never shares a cluster with another such character: Latin, Greek, Cyrillic, Armenian and
    /// Arabic letters, kana, Han, Hangul syllables and the wide forms of them, without any mark, format character,
    /// jamo or carriage return.
    /// </summary>
    public static bool IsPlain(char c) => c switch
    {
        '\r' => false,
        < '\u0300' => true,
        < '\u0370' => false,
        < '\u0483' => true,
        < '\u048A' => false,
        < '\u0590' => true,
        >= '\u0620' and <= '\u064A' => true,
        >= '\u1E00' and <= '\u1FFF' => true,
        >= '\u2010' and <= '\u2027' => true,
        >= '\u3000' and <= '\u3029' => true,
        >= '\u3041' and <= '\u3096' => true,
        >= '\u309B' and <= '\u30FF' => true,
        >= '\u3400' and <= '\u9FFF' => true,
        >= '\uAC00' and <= '\uD7A3' => true,
        >= '\uFF01' and <= '\uFF9D' => true,
        _ => false,
    };
}
