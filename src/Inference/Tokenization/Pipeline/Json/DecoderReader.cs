using ActorEmbed.Inference.Tokenization.Pipeline.Decoders;

namespace ActorEmbed.Inference.Tokenization.Pipeline.Json;

/// <summary>
/// Reads the <c>decoder</c> of a tokenizer.json. One that is not known keeps no model from being loaded: nothing but
/// decoding needs it.
/// </summary>
internal static class DecoderReader
{
    /// <returns>Null where it is not known.</returns>
    public static ITokenDecoder? TryRead(JsonPart part)
    {
        try
        {
            return part.Type switch
            {
                "Sequence" => Sequence(part),
                "WordPiece" => PieceDecoder.WordPiece(part.TextOrNull("prefix") ?? "##", part.Flag("cleanup", absent: true)),
                "Metaspace" => Metaspace(part),
                "ByteLevel" => ByteDecoder.Alphabet,
                "ByteFallback" => ByteDecoder.Fallback,
                "Fuse" => new FuseDecoder(),
                "BPEDecoder" => PieceDecoder.Suffixed(part.TextOrNull("suffix") ?? "</w>"),
                "Replace" => new ReplaceDecoder(PatternReader.Read(part.RequiredChild("pattern")), part.Text("content")),
                "Strip" when part.Text("content") is [var content] => PieceDecoder.Strip(content, part.NumberOrNull("start") ?? 0, part.NumberOrNull("stop") ?? 0),
                _ => null,
            };
        }
        catch (ModelLoadException)
        {
            return null;
        }
    }

    private static DecoderSequence? Sequence(JsonPart part)
    {
        ITokenDecoder?[] steps = [.. part.Items("decoders").Select(TryRead)];
        return Array.IndexOf(steps, null) >= 0 ? null : new DecoderSequence(steps!);
    }

    private static PieceDecoder? Metaspace(JsonPart part) => part.TextOrNull("replacement") is null or [_]
        ? PieceDecoder.Metaspace(
            part.TextOrNull("replacement")?[0] ?? '\u2581',
            part.TextOrNull("prepend_scheme") is { } scheme ? scheme != "never" : part.Flag("add_prefix_space", absent: true))
        : null;
}
