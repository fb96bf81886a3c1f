namespace ActorEmbed.Inference.Tokenization;
internal static class TokenizerLoader { public static ITextTokenizer Load(string d, int m) => XlmRobertaTokenizer.Load(d, m); }
