using System.Text;
using ActorEmbed.Inference.Tokenization.SentencePiece;

namespace ActorEmbed.Bench.Peers;

/// <summary>The vocabulary by the model's ids: special tokens first, then SentencePiece's pieces moved up by one.</summary>
internal static class StandInPieces
{
    /// <summary>Special tokens in the order of their ids.</summary>
    public static readonly string[] Special = ["<s>", "<pad>", "</s>", "<unk>"];

    public const string Mask = "<mask>";

    // <unk>, <s> and </s> of SentencePiece, which the special tokens stand for.
    private const int OwnPieces = 3;

    /// <summary>All pieces but the special ones and <c>&lt;mask&gt;</c>, the first with the id 4.</summary>
    public static IReadOnlyList<(string Text, float Score)> Read(string sentencePieceModel)
    {
        var file = SentencePieceFile.Parse(File.ReadAllBytes(sentencePieceModel));
        return [.. file.Pieces.Skip(OwnPieces).Select(piece => (Encoding.UTF8.GetString(file.Text(piece)), piece.Score))];
    }
}
