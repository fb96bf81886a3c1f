namespace ActorEmbed.Bench.Peers;

/// <summary>Vocabularies as llama.cpp's own conversion writes them.</summary>
internal static class GgufTokenizers
{
    private const string Continuation = "##";

    // What llama.cpp keeps in place of a space.
    private const string WordStart = "\u2581";

    // Numbers of llama.cpp for kinds of tokens.
    private const int Normal = 1, Unknown = 2, Control = 3, Unused = 5;
    private const float UnusedScore = -10_000;

    /// <summary>The stand-in's pieces of SentencePiece.</summary>
    /// <param name="file">To write to.</param>
    /// <param name="model">The file of SentencePiece.</param>
    /// <param name="vocabulary">Tokens of the model.</param>
    public static void WriteSentencePieces(GgufFile file, string model, int vocabulary)
    {
        var pieces = StandInPieces.Read(model);
        file.Entry("tokenizer.ggml.model", "t5");
        file.Entry("tokenizer.ggml.pre", "default");
        // The conversion leaves <mask>, which SentencePiece does not know, as an unused last token.
        file.Entry("tokenizer.ggml.tokens", [.. StandInPieces.Special, .. pieces.Select(piece => piece.Text), $"[PAD{vocabulary - 1}]"]);
        file.Entry("tokenizer.ggml.scores", [0f, 0f, 0f, 0f, .. pieces.Select(piece => piece.Score), UnusedScore]);
        file.Entry("tokenizer.ggml.token_type", [Control, Control, Control, Unknown, .. Enumerable.Repeat(Normal, pieces.Count), Unused]);
        file.Entry("tokenizer.ggml.add_space_prefix", true);
        file.Entry("tokenizer.ggml.token_type_count", 1u);
        file.Entry("tokenizer.ggml.remove_extra_whitespaces", true);
        WriteIds(file, begin: 0, end: 2, unknown: 3, padding: 1);
    }

    /// <summary>BERT's word pieces: there those that begin a word are marked, and not those that go on.</summary>
    public static void WriteWordPieces(GgufFile file, string[] vocabulary)
    {
        int IdOf(string token) => Array.IndexOf(vocabulary, token);
        bool IsSpecial(string token) => token is ['[', .., ']'];
        string Marked(string token) => IsSpecial(token) ? token : token.StartsWith(Continuation, StringComparison.Ordinal) ? token[Continuation.Length..] : WordStart + token;

        file.Entry("tokenizer.ggml.model", "bert");
        file.Entry("tokenizer.ggml.pre", "default");
        file.Entry("tokenizer.ggml.tokens", [.. vocabulary.Select(Marked)]);
        file.Entry("tokenizer.ggml.scores", [.. vocabulary.Select(_ => 0f)]);
        file.Entry("tokenizer.ggml.token_type", [.. vocabulary.Select(token => IsSpecial(token) ? Control : Normal)]);
        file.Entry("tokenizer.ggml.token_type_count", 2u);
        WriteIds(file, IdOf("[CLS]"), IdOf("[SEP]"), IdOf("[UNK]"), IdOf("[PAD]"));
    }

    private static void WriteIds(GgufFile file, int begin, int end, int unknown, int padding)
    {
        file.Entry("tokenizer.ggml.bos_token_id", (uint)begin);
        file.Entry("tokenizer.ggml.eos_token_id", (uint)end);
        file.Entry("tokenizer.ggml.unknown_token_id", (uint)unknown);
        file.Entry("tokenizer.ggml.seperator_token_id", (uint)end);
        file.Entry("tokenizer.ggml.padding_token_id", (uint)padding);
        file.Entry("tokenizer.ggml.cls_token_id", (uint)begin);
        file.Entry("tokenizer.ggml.add_bos_token", true);
        file.Entry("tokenizer.ggml.add_eos_token", true);
    }
}
