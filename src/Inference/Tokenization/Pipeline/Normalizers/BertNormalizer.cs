using System.Text;
using ActorEmbed.Inference.Tokenization.Unicode;

namespace ActorEmbed.Inference.Tokenization.Pipeline.Normalizers;

/// <summary>
/// Normalises as BERT does: clean, put Han characters apart, strip accents, lower-case. BertTokenizer of
/// Microsoft.ML.Tokenizers is not used: see docs/decisions/017-tokenizer-json.md.
/// </summary>
internal sealed class BertNormalizer : INormalizer
{
    private static readonly CharacterFilter Clean = new(c =>
        CharacterClass.Dropped.Contains(c) ? null : Rune.IsWhiteSpace(c) ? new Rune(' ') : c);

    private static readonly CharacterFilter DropMarks = new(c => CharacterClass.NonSpacing.Contains(c) ? null : c);

    private readonly NormalizerSequence _steps;

    public BertNormalizer(BertNormalizerOptions options)
    {
        List<INormalizer> steps = [];
        if (options.Cleans)
            steps.Add(Clean);
        if (options.SeparatesHan)
            steps.Add(new HanSeparator());
        if (options.StripsAccents)
            steps.AddRange([new UnicodeNormalizer(UnicodeForm.Nfd), DropMarks]);
        if (options.Lowercases)
            steps.Add(new LowercaseNormalizer());
        _steps = new NormalizerSequence(steps);
    }

    public AlignedText Normalize(AlignedText text) => _steps.Normalize(text);
}
