using System.Text.RegularExpressions;

namespace ActorEmbed.Inference.Tokenization.Pipeline;

/// <summary>The expressions of the widespread byte-level models, compiled with the program: several times as fast.</summary>
internal static partial class KnownExpressions
{
    /// <summary>GPT-2's, which the pre-tokenizer <c>ByteLevel</c> applies by itself.</summary>
    public const string Gpt2Expression = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    // As Oniguruma, with the long s for an s: see OnigurumaSyntax.
    private const string AnyCase = @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|";
    private const string AnyCaseAndLongS = @"(?i:'[s\u017F]|'t|'re|'ve|'m|'ll|'d)|";

    private const string Qwen2Rest = @"[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    private const string Llama3Rest = @"[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    private const int TimeLimitMilliseconds = 2_000;

    /// <summary>The compiled form of an expression; null where it is not known.</summary>
    public static Regex? Find(string expression) => expression switch
    {
        Gpt2Expression => Gpt2(),
        AnyCase + Qwen2Rest => Qwen2(),
        AnyCase + Llama3Rest => Llama3(),
        _ => null,
    };

    [GeneratedRegex(Gpt2Expression, RegexOptions.CultureInvariant, TimeLimitMilliseconds)]
    private static partial Regex Gpt2();

    [GeneratedRegex(AnyCaseAndLongS + Qwen2Rest, RegexOptions.CultureInvariant, TimeLimitMilliseconds)]
    private static partial Regex Qwen2();

    [GeneratedRegex(AnyCaseAndLongS + Llama3Rest, RegexOptions.CultureInvariant, TimeLimitMilliseconds)]
    private static partial Regex Llama3();
}
