namespace ActorEmbed.Inference.Tokenization.Unicode;

/// <summary>Hangul syllables decompose and compose by arithmetic: Unicode, chapter 3.12.</summary>
internal static class HangulSyllable
{
    private const int First = 0xAC00;
    private const int Last = 0xD7A3;
    private const int FirstLead = 0x1100;
    private const int Leads = 19;
    private const int FirstVowel = 0x1161;
    private const int Vowels = 21;
    private const int BeforeFirstTail = 0x11A7;
    private const int TailsAndNone = 28;

    /// <summary>Whether a character is one.</summary>
    public static bool Is(int code) => code is >= First and <= Last;

    /// <summary>Whether a character is one, or a letter that one may be composed of.</summary>
    public static bool IsOrCombines(int code) => Is(code) || code is >= FirstLead and < BeforeFirstTail + TailsAndNone;

    /// <summary>Writes the two or three letters of a syllable.</summary>
    /// <returns>How many they are.</returns>
    public static int Decompose(int syllable, Span<int> letters)
    {
        var index = syllable - First;
        letters[0] = FirstLead + (index / TailsAndNone / Vowels);
        letters[1] = FirstVowel + (index / TailsAndNone % Vowels);
        if (index % TailsAndNone == 0)
            return 2;
        letters[2] = BeforeFirstTail + (index % TailsAndNone);
        return 3;
    }

    /// <summary>What a lead and a vowel, or an open syllable and a tail compose to; -1 for others.</summary>
    public static int Compose(int first, int second)
    {
        if (first - FirstLead is >= 0 and < Leads && second - FirstVowel is >= 0 and < Vowels)
            return First + ((((first - FirstLead) * Vowels) + second - FirstVowel) * TailsAndNone);
        if (Is(first) && (first - First) % TailsAndNone == 0 && second - BeforeFirstTail is > 0 and < TailsAndNone)
            return first + second - BeforeFirstTail;
        return -1;
    }
}
