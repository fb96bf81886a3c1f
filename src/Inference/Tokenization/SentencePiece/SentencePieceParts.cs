using System.Text;
using ActorEmbed.Inference.Files;
using ActorEmbed.Inference.Tokenization.Pipeline;
using ActorEmbed.Inference.Tokenization.Pipeline.Decoders;
using ActorEmbed.Inference.Tokenization.Pipeline.Models;
using ActorEmbed.Inference.Tokenization.Pipeline.Normalizers;
using ActorEmbed.Inference.Tokenization.Pipeline.PostProcessors;
using ActorEmbed.Inference.Tokenization.Pipeline.PreTokenizers;

namespace ActorEmbed.Inference.Tokenization.SentencePiece;

/// <summary>A tokenizer of a SentencePiece file where there is no tokenizer.json, with the ids that transformers gives its pieces.</summary>
internal static class SentencePieceParts
{
    /// <summary>U+2581, which SentencePiece writes where a word begins.</summary>
    public const char WordMark = '\u2581';

    private const string Start = "<s>";
    private const string Padding = "<pad>";
    private const string End = "</s>";
    private const string Unknown = "<unk>";
    private const string Mask = "<mask>";

    // SentencePiece's own <unk>, <s>, </s>.
    private const int OwnPieces = 3;

    /// <summary>What divides a text into words with a mark in front.</summary>
    public static IPreTokenizer PreTokenizer { get; } = new PreTokenizerSequence(
        SplitPreTokenizer.WhiteSpace, new MetaspacePreTokenizer(WordMark, MetaspacePrepending.Always, splits: true));

    /// <summary>What puts words together again.</summary>
    public static ITokenDecoder Decoder { get; } = PieceDecoder.Metaspace(WordMark, isPrepended: true);

    /// <exception cref="InvalidDataException">The file is damaged or of another kind.</exception>
    public static PipelineParts Read(string path, SentencePieceKind kind, TokenizerConfig config, bool lowercases)
    {
        var file = SentencePieceFile.Parse(ModelFile.ReadAllBytes(path));
        if (file.Pieces.Count < OwnPieces)
            throw new InvalidDataException("it has no pieces");
        var pieces = Number(file, kind);
        var model = UnigramBuilder.Build(pieces, unknownId: 3, spellsBytes: false);
        var added = new AddedVocabulary(model.Vocabulary);
        added.Add(new[] { Start, Padding, End, Unknown, Mask }.Select(text => new AddedToken(text) { IsSpecial = true, StripsLeft = text == Mask }));
        added.AddNamed(config);

        List<INormalizer> normalizers = lowercases ? [new LowercaseNormalizer()] : [];
        normalizers.Add(new PrecompiledNormalizer(CharacterMap.Parse(file.Bytes.AsSpan(file.CharacterMap))));
        return new PipelineParts(model, added)
        {
            Normalizer = new NormalizerSequence(normalizers),
            PreTokenizer = PreTokenizer,
            PostProcessor = Around(added.IdOf(Start)!.Value, added.IdOf(End)!.Value),
            Decoder = Decoder,
            Side = config.Side ?? TruncationSide.Right,
            PaddingId = added.IdOf(Padding)!.Value,
        };
    }

    /// <summary>One token before a text and one after; two between two texts.</summary>
    public static PostProcessor Around(int start, int end)
    {
        TemplatePart before = new([start], 0, 0), after = new([end], 0, 0), first = new(null, 0, 0), second = new(null, 1, 0);
        return new PostProcessor([before, first, after], [before, first, after, after, second, after]);
    }

    private static List<(string, double)> Number(SentencePieceFile file, SentencePieceKind kind)
    {
        // CamemBERT keeps SentencePiece's own pieces, and puts those of fairseq, most of them unused, before them.
        var isCamembert = kind == SentencePieceKind.Camembert;
        List<(string, double)> pieces = isCamembert
            ? [("<s>NOTUSED", 0), (Padding, 0), ("</s>NOTUSED", 0), (Unknown, 0), ("<unk>NOTUSED", -100)]
            : [(Start, 0), (Padding, 0), (End, 0), (Unknown, 0)];
        foreach (var piece in file.Pieces.Skip(isCamembert ? 1 : OwnPieces))
            pieces.Add((Encoding.UTF8.GetString(file.Text(piece)), piece.Score));
        pieces.Add((Mask, 0));
        return pieces;
    }
}
