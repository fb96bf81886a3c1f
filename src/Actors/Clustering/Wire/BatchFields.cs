using System.Runtime.Serialization;
using ActorEmbed.Actors.WorkProtocol;
using ActorEmbed.Inference;

namespace ActorEmbed.Actors.Clustering.Wire;

/// <summary>The layouts of <see cref="EmbedBatch"/>, for <see cref="ClusterSerializer"/>.</summary>
internal static class BatchFields
{
    /// <summary>The layout that every node reads.</summary>
    public const int Plain = 1;

    /// <summary>Has prompts.</summary>
    public const int WithPrompts = 2;

    /// <summary>Has prompts, and pairs with their queries.</summary>
    public const int WithPairs = 3;

    // Kinds of inputs; what else there may be gets another number.
    private const byte TextKind = 0;
    private const byte TokenIdsKind = 1;
    private const byte PairKind = 2;

    private const byte NormalizeFlag = 1;
    private const byte WholeFlag = 2;

    // Kind, flags, length.
    private const int LeastTextBytes = 6;

    // A length.
    private const int LeastQueryBytes = 4;

    // Stands for a prompt that was not asked for.
    private const int None = -1;

    /// <summary>The oldest layout that has what the batch has, so that as many nodes as possible read it.</summary>
    public static int VersionOf(EmbedBatch batch) =>
        batch.Texts.Any(text => text.Text.Query is not null) ? WithPairs
        : batch.Texts.Any(text => text.Text.Prompt is not null) ? WithPrompts
        : Plain;

    public static void Write(WireWriter writer, EmbedBatch batch)
    {
        var version = VersionOf(batch);
        writer.Int64(batch.BatchId);
        PromptChoice[] choices = [.. batch.Texts.Select(text => text.Text.Prompt).OfType<PromptChoice>().Distinct()];
        string[] queries = [.. batch.Texts.Select(text => text.Text.Query).OfType<string>().Distinct(StringComparer.Ordinal)];
        if (version >= WithPrompts)
            PromptFields.Write(writer, choices);
        if (version >= WithPairs)
            Write(writer, queries);
        writer.Int32(batch.Texts.Count);
        foreach (var (input, normalize) in batch.Texts)
        {
            if (input.EachToken)
                throw new SerializationException("There is no layout for texts whose tokens are to have vectors: a router of a cluster takes none.");
            writer.Byte(input.TokenIds is not null ? TokenIdsKind : input.Query is not null ? PairKind : TextKind);
            writer.Byte((byte)((normalize ? NormalizeFlag : 0) | (input.Truncate ? 0 : WholeFlag)));
            if (version >= WithPrompts)
                writer.Int32(input.Prompt is { } prompt ? Array.IndexOf(choices, prompt) : None);
            if (input.Query is { } query)
                writer.Int32(Array.IndexOf(queries, query));
            if (input.TokenIds is { } ids)
                writer.Int32s(ids);
            else
                writer.String(input.Text);
        }
    }

    public static EmbedBatch Read(ref WireReader reader, int version)
    {
        var id = reader.Int64();
        PromptChoice[] choices = version >= WithPrompts ? PromptFields.ReadChoices(ref reader) : [];
        string[] queries = version >= WithPairs ? ReadQueries(ref reader) : [];
        var texts = new BatchText[reader.Count(LeastTextBytes)];
        for (var i = 0; i < texts.Length; i++)
        {
            var kind = reader.Byte();
            var flags = reader.Byte();
            var choice = version >= WithPrompts ? reader.Int32() : None;
            var prompt = choice == None ? null : At(choices, choice, "prompt");
            var input = kind switch
            {
                TextKind => EmbeddingInput.FromString(reader.String()),
                TokenIdsKind => EmbeddingInput.FromTokenIds(reader.Int32s()),
                PairKind when version >= WithPairs => EmbeddingInput.FromPair(At(queries, reader.Int32(), "query"), reader.String()),
                _ => throw new SerializationException($"Texts of kind {kind} are unknown to this version of ActorEmbed."),
            };
            texts[i] = new BatchText(input with { Truncate = (flags & WholeFlag) == 0, Prompt = prompt }, (flags & NormalizeFlag) != 0);
        }

        return new EmbedBatch(id, texts);
    }

    /// <summary>Each once; texts name theirs by its place.</summary>
    private static void Write(WireWriter writer, string[] queries)
    {
        writer.Int32(queries.Length);
        foreach (var query in queries)
            writer.String(query);
    }

    private static string[] ReadQueries(ref WireReader reader)
    {
        var queries = new string[reader.Count(LeastQueryBytes)];
        for (var i = 0; i < queries.Length; i++)
            queries[i] = reader.String();
        return queries;
    }

    private static T At<T>(T[] all, int place, string what) => (uint)place < (uint)all.Length
        ? all[place]
        : throw new SerializationException($"A text has {what} {place} of {all.Length}.");
}
