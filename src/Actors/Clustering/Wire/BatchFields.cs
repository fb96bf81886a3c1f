using System.Runtime.Serialization;
using ActorEmbed.Actors.WorkProtocol;
using ActorEmbed.Inference;

namespace ActorEmbed.Actors.Clustering.Wire;

/// <summary>The layouts of <see cref="EmbedBatch"/>, for <see cref="ClusterSerializer"/>: version 2 has prompts.</summary>
internal static class BatchFields
{
    // Kinds of inputs; what else there may be gets another number.
    private const byte TextKind = 0;
    private const byte TokenIdsKind = 1;

    private const byte NormalizeFlag = 1;
    private const byte WholeFlag = 2;

    // Kind, flags, length.
    private const int LeastTextBytes = 6;

    // Stands for a prompt that was not asked for.
    private const int None = -1;

    public static bool HasPrompts(EmbedBatch batch) => batch.Texts.Any(text => text.Text.Prompt is not null);

    public static void Write(WireWriter writer, EmbedBatch batch)
    {
        writer.Int64(batch.BatchId);
        // By version 1 a batch without any is written, which older nodes read.
        PromptChoice[] choices = [.. batch.Texts.Select(text => text.Text.Prompt).OfType<PromptChoice>().Distinct()];
        if (choices.Length > 0)
            PromptFields.Write(writer, choices);
        writer.Int32(batch.Texts.Count);
        foreach (var (input, normalize) in batch.Texts)
        {
            writer.Byte(input.TokenIds is null ? TextKind : TokenIdsKind);
            writer.Byte((byte)((normalize ? NormalizeFlag : 0) | (input.Truncate ? 0 : WholeFlag)));
            if (choices.Length > 0)
                writer.Int32(input.Prompt is { } prompt ? Array.IndexOf(choices, prompt) : None);
            if (input.TokenIds is { } ids)
                writer.Int32s(ids);
            else
                writer.String(input.Text);
        }
    }

    public static EmbedBatch Read(ref WireReader reader, bool hasPrompts)
    {
        var id = reader.Int64();
        PromptChoice[] choices = hasPrompts ? PromptFields.ReadChoices(ref reader) : [];
        var texts = new BatchText[reader.Count(LeastTextBytes)];
        for (var i = 0; i < texts.Length; i++)
        {
            var kind = reader.Byte();
            var flags = reader.Byte();
            var choice = hasPrompts ? reader.Int32() : None;
            if (choice < None || choice >= choices.Length)
                throw new SerializationException($"A text has prompt {choice} of {choices.Length}.");
            var input = kind switch
            {
                TextKind => EmbeddingInput.FromString(reader.String()),
                TokenIdsKind => EmbeddingInput.FromTokenIds(reader.Int32s()),
                _ => throw new SerializationException($"Texts of kind {kind} are unknown to this version of ActorEmbed."),
            };
            var prompt = choice == None ? null : choices[choice];
            texts[i] = new BatchText(input with { Truncate = (flags & WholeFlag) == 0, Prompt = prompt }, (flags & NormalizeFlag) != 0);
        }

        return new EmbedBatch(id, texts);
    }
}
