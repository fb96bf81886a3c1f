using Google.Protobuf;
using static ActorEmbed.Bench.StandIn.StandInShape;

namespace ActorEmbed.Bench.StandIn;

/// <summary>
/// Writes a SentencePiece unigram model of as many pieces as XLM-RoBERTa has: made-up syllables in several scripts,
/// no two alike, rarer the longer they are. What costs time and memory is their number and length.
/// </summary>
internal static class StandInTokenizer
{
    // Field numbers of sentencepiece_model.proto.
    private const int Pieces = 1, TrainerSpec = 2, NormalizerSpec = 3;
    private const int Piece = 1, Score = 2, Type = 3;
    private const int ModelType = 3, VocabSize = 4;
    private const int NormalizerName = 1, AddDummyPrefix = 3, RemoveExtraWhitespaces = 4, EscapeWhitespaces = 5;
    private const int Unknown = 2, Control = 3, Unigram = 1;

    // The model's ids are SentencePiece's plus one, and <mask> has no piece.
    private const int PieceCount = Vocabulary - 2;

    private static readonly string[] Alphabets =
    [
        "etaoinshrdlucmfwypvbgkqjxz", "оеаинтсрвлкмдпуяызьбгчйхжшюцщэфё", "αοιετσνηυρπκμλςωγθδχφβξζψ",
        "ابتثجحخدذرزسشصضطظعغفقكلمنهوي", "のにはをたがでてとしれさあるいくなこまらりすきかもつよう", "的一是不了人我在有他这为之大来以个中上们到说国和地也子时道",
        "कखगघचछजझटठडढतथदधनपफबभमयरलवशसह", "가나다라마바사아자차카타파하고노도로모보소오조초",
    ];

    public static void Write(string path)
    {
        using var file = File.Create(path);
        using var output = new CodedOutputStream(file);
        WritePiece(output, "<unk>", 0, Unknown);
        WritePiece(output, "<s>", 0, Control);
        WritePiece(output, "</s>", 0, Control);
        var written = 3;
        foreach (var piece in MakePieces().Distinct().Take(PieceCount - written))
            WritePiece(output, piece, score: -3f - 12f * written++ / PieceCount, type: null);
        WriteMessage(output, TrainerSpec, spec =>
        {
            WriteVarint(spec, ModelType, Unigram);
            WriteVarint(spec, VocabSize, PieceCount);
        });
        WriteMessage(output, NormalizerSpec, spec =>
        {
            spec.WriteTag(NormalizerName, WireFormat.WireType.LengthDelimited);
            spec.WriteString("identity");
            WriteVarint(spec, AddDummyPrefix, 1);
            WriteVarint(spec, RemoveExtraWhitespaces, 1);
            WriteVarint(spec, EscapeWhitespaces, 1);
        });
    }

    private static IEnumerable<string> MakePieces()
    {
        const string wordStart = "\u2581";
        yield return wordStart;
        foreach (var letter in Alphabets.SelectMany(alphabet => alphabet.Distinct()))
        {
            yield return letter.ToString();
            yield return wordStart + letter;
        }

        // Counting in each alphabet gives every combination once, short ones first.
        for (var number = 0; ; number++)
        {
            foreach (var alphabet in Alphabets)
            {
                var letters = new System.Text.StringBuilder();
                for (var rest = number + alphabet.Length; rest > 0; rest /= alphabet.Length)
                    letters.Append(alphabet[rest % alphabet.Length]);
                yield return number % 2 == 0 ? wordStart + letters : letters.ToString();
            }
        }
    }

    private static void WritePiece(CodedOutputStream output, string text, float score, int? type) =>
        WriteMessage(output, Pieces, piece =>
        {
            piece.WriteTag(Piece, WireFormat.WireType.LengthDelimited);
            piece.WriteString(text);
            piece.WriteTag(Score, WireFormat.WireType.Fixed32);
            piece.WriteFloat(score);
            if (type is { } kind)
                WriteVarint(piece, Type, kind);
        });

    private static void WriteVarint(CodedOutputStream output, int field, int value)
    {
        output.WriteTag(field, WireFormat.WireType.Varint);
        output.WriteInt32(value);
    }

    private static void WriteMessage(CodedOutputStream output, int field, Action<CodedOutputStream> write)
    {
        using var buffer = new MemoryStream();
        using (var message = new CodedOutputStream(buffer, leaveOpen: true))
            write(message);
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(buffer.ToArray()));
    }
}
