using ActorEmbed.Inference.Files;
using ActorEmbed.Inference.Tokenization.Pipeline;
using ActorEmbed.Inference.Tokenization.Pipeline.Decoders;
using ActorEmbed.Inference.Tokenization.Pipeline.Models;
using ActorEmbed.Inference.Tokenization.Pipeline.Normalizers;
using ActorEmbed.Inference.Tokenization.Pipeline.PostProcessors;
using ActorEmbed.Inference.Tokenization.Pipeline.PreTokenizers;

namespace ActorEmbed.Inference.Tokenization.WordPiece;

/// <summary>
/// The tokenizer of BERT and the sentence-transformers built on it where there is no tokenizer.json: a vocab.txt of word
/// pieces, and tokenizer_config.json.
/// </summary>
internal static class BertParts
{
    /// <summary>The file's name.</summary>
    public const string VocabularyFile = "vocab.txt";

    /// <exception cref="InvalidDataException">A special token is missing from the vocabulary.</exception>
    public static PipelineParts Read(string path, TokenizerConfig config, bool lowercases)
    {
        // The number of the line is the id; of a piece that is there twice, the last.
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (id, line) in ModelFile.ReadLines(path).Index())
            ids[line.TrimEnd()] = id;
        return Create(ids, config, lowercases);
    }

    /// <param name="ids">Each piece and its id; among them the special tokens.</param>
    /// <param name="config">The roles of the special tokens, and how the text is normalised.</param>
    /// <param name="lowercases">Whether the text is lower-cased before it is normalised.</param>
    /// <exception cref="InvalidDataException">A special token is missing from the vocabulary.</exception>
    public static PipelineParts Create(Dictionary<string, int> ids, TokenizerConfig config, bool lowercases)
    {
        var special = config.SpecialTokens;
        var vocabulary = new Vocabulary(ids);
        var (start, end, padding) = (Id(special.Start), Id(special.End), Id(special.Padding));
        var added = new AddedVocabulary(vocabulary);
        added.Add(special.All.Where(ids.ContainsKey)
            .Select(text => new AddedToken(text) { IsSpecial = true, StripsLeft = text == special.StrippingLeft }));
        added.AddNamed(config);

        var normalizer = new BertNormalizer(config.BertOptions);
        return new PipelineParts(new WordPieceModel(vocabulary, special.Unknown), added)
        {
            Normalizer = lowercases ? new NormalizerSequence(new LowercaseNormalizer(), normalizer) : normalizer,
            PreTokenizer = SplitPreTokenizer.Bert,
            PostProcessor = new PostProcessor(
                [Special(start, 0), Text(0), Special(end, 0)],
                [Special(start, 0), Text(0), Special(end, 0), Text(1), Special(end, 1)]),
            Decoder = PieceDecoder.WordPiece("##", cleansUp: true),
            Side = config.Side ?? TruncationSide.Right,
            PaddingId = padding,
        };

        int Id(string token) => vocabulary.IdOf(token) ?? throw new InvalidDataException($"the special token {token} is not in it");
    }

    private static TemplatePart Special(int id, int typeId) => new([id], 0, typeId);

    private static TemplatePart Text(int text) => new(null, text, TypeId: text);
}
