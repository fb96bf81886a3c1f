namespace ActorEmbed.Inference.Tokenization.WordPiece;

/// <summary>How a BERT model wants its text, from its tokenizer_config.json.</summary>
/// <param name="Lowercases"><c>do_lower_case</c>.</param>
/// <param name="StripsAccents"><c>strip_accents</c>; where that is not given, the same as <c>do_lower_case</c>.</param>
/// <param name="SeparatesHan"><c>tokenize_chinese_chars</c>: each Han character is a word.</param>
internal sealed record BertNormalizerOptions(
    bool Lowercases = true, bool StripsAccents = true, bool SeparatesHan = true);
