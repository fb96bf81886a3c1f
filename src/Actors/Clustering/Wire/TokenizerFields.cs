using System.Runtime.Serialization;
using ActorEmbed.Actors.Messages;
using ActorEmbed.Actors.WorkProtocol;
using ActorEmbed.Inference;

namespace ActorEmbed.Actors.Clustering.Wire;

/// <summary>The layout of the messages between router and tokenizer, for <see cref="ClusterSerializer"/>.</summary>
internal static class TokenizerFields
{
    // Stands for a number that is not there, where none can be negative.
    private const int None = -1;

    // Every one of them begins with a length, or is one number.
    private const int LeastItemBytes = 4;

    // Three lengths, two counts.
    private const int LeastTokensBytes = 20;

    // Id, length, flag.
    private const int LeastPieceBytes = 9;

    public static void Write(WireWriter writer, Tokenize tokenize)
    {
        Write(writer, tokenize.Texts);
        // Only version 2 has it.
        if (tokenize.Prompt is { } prompt)
            PromptFields.Write(writer, prompt);
    }

    public static Tokenize ReadTokenize(ref WireReader reader) => new(ReadTexts(ref reader));

    public static void Write(WireWriter writer, Decode decode)
    {
        writer.Int32(decode.Texts.Count);
        foreach (var ids in decode.Texts)
            writer.Int32s(ids);
        writer.Byte(decode.SkipsSpecialTokens ? (byte)1 : (byte)0);
    }

    public static Decode ReadDecode(ref WireReader reader)
    {
        var texts = new int[reader.Count(LeastItemBytes)][];
        for (var i = 0; i < texts.Length; i++)
            texts[i] = reader.Int32s();
        return new Decode(texts, reader.Byte() != 0);
    }

    public static void Write(WireWriter writer, Decoded decoded) => Write(writer, decoded.Texts);

    public static string[] ReadTexts(ref WireReader reader)
    {
        var texts = new string[reader.Count(LeastItemBytes)];
        for (var i = 0; i < texts.Length; i++)
            texts[i] = reader.String();
        return texts;
    }

    public static void Write(WireWriter writer, Tokenized tokenized)
    {
        writer.Int32(tokenized.Texts.Count);
        foreach (var text in tokenized.Texts)
        {
            writer.Int32s(text.Ids);
            writer.Int32s(text.Starts);
            writer.Int32s(text.Ends);
            writer.Int32(text.CountBefore);
            writer.Int32(text.CountAfter);
        }

        writer.Int32(tokenized.Pieces.Count);
        foreach (var (id, piece) in tokenized.Pieces)
        {
            writer.Int32(id);
            writer.String(piece.Text);
            writer.Byte(piece.IsSpecial ? (byte)1 : (byte)0);
        }
    }

    public static Tokenized ReadTokenized(ref WireReader reader)
    {
        var texts = new TextTokens[reader.Count(LeastTokensBytes)];
        for (var i = 0; i < texts.Length; i++)
            texts[i] = new TextTokens(reader.Int32s(), reader.Int32s(), reader.Int32s(), reader.Int32(), reader.Int32());
        var count = reader.Count(LeastPieceBytes);
        var pieces = new Dictionary<int, TokenPiece>();
        for (var i = 0; i < count; i++)
            pieces[reader.Int32()] = new TokenPiece(reader.String(), reader.Byte() != 0);
        return new Tokenized(texts, pieces);
    }

    public static void Write(WireWriter writer, EmbedRejected rejected)
    {
        writer.String(rejected.Reason.ToString());
        writer.String(rejected.Message);
        writer.Int32(rejected.TextIndex ?? None);
        writer.Int64(rejected.RetryAfter?.Ticks ?? None);
    }

    public static EmbedRejected ReadEmbedRejected(ref WireReader reader)
    {
        var reason = reader.String();
        return new EmbedRejected(
            Enum.TryParse<RejectionReason>(reason, out var known) ? known : throw new SerializationException($"The reason '{reason}' is unknown to this version of ActorEmbed."),
            reader.String())
        {
            TextIndex = reader.Int32() is >= 0 and var index ? index : null,
            RetryAfter = reader.Int64() is >= 0 and var ticks ? TimeSpan.FromTicks(ticks) : null,
        };
    }

    private static void Write(WireWriter writer, IReadOnlyList<string> texts)
    {
        writer.Int32(texts.Count);
        foreach (var text in texts)
            writer.String(text);
    }
}
