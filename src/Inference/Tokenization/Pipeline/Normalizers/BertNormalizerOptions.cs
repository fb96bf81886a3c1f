namespace ActorEmbed.Inference.Tokenization.Pipeline.Normalizers;

/// <summary>How a BERT model wants its text.</summary>
/// <param name="Lowercases"><c>do_lower_case</c>, <c>lowercase</c>.</param>
/// <param name="StripsAccents"><c>strip_accents</c>; where that is not given, the same as lower-casing.</param>
/// <param name="SeparatesHan"><c>tokenize_chinese_chars</c>, <c>handle_chinese_chars</c>: each Han character is a word.</param>
/// <param name="Cleans"><c>clean_text</c>: controls are left out, white space becomes spaces.</param>
internal sealed record BertNormalizerOptions(
    bool Lowercases = true, bool StripsAccents = true, bool SeparatesHan = true, bool Cleans = true);
