using System.Runtime.Serialization;
using ActorEmbed.Actors.Messages;
using ActorEmbed.Actors.WorkProtocol;
using ActorEmbed.Inference;
using Akka.Actor;
using Akka.Serialization;

namespace ActorEmbed.Actors.Clustering.Wire;

/// <summary>
/// The messages between router and worker as bytes. A manifest names the message and the version of its layout; a
/// layout that has been released is never changed, a new one gets a new manifest.
/// </summary>
internal sealed class ClusterSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    /// <summary>The name by which the configuration knows it.</summary>
    public const string Name = "actorembed";

    private const string EmbedBatchV1 = "EB1";
    private const string EmbedBatchV2 = "EB2";
    private const string EmbedBatchV3 = "EB3";
    private const string BatchEmbeddedV1 = "BE1";
    private const string BatchFailedV1 = "BF1";
    private const string WorkerReadyV1 = "WR1";
    private const string WorkerReadyV2 = "WR2";
    private const string WorkerReadyV3 = "WR3";
    private const string RequestWorkV1 = "RW1";
    private const string WorkerLeavingV1 = "WL1";
    private const string WorkerReleasedV1 = "WE1";
    private const string WorkerRefusedV1 = "WX1";
    private const string WorkerAsleepV1 = "WS1";
    private const string WakeWorkerV1 = "WW1";
    private const string TokenizeV1 = "TT1";
    private const string TokenizeV2 = "TT2";
    private const string TokenizedV2 = "TK2";
    private const string DecodeV1 = "TD1";
    private const string DecodedV1 = "TX1";
    private const string EmbedRejectedV1 = "ER1";

    private const byte TruncatedFlag = 1;
    private const byte TooLongFlag = 2;

    // Count of tokens, flags, length.
    private const int LeastEmbeddingBytes = 9;

    /// <summary>What it is bound to.</summary>
    public static IReadOnlyList<Type> Messages { get; } =
    [
        typeof(EmbedBatch), typeof(BatchEmbedded), typeof(BatchFailed), typeof(WorkerReady), typeof(RequestWork),
        typeof(WorkerLeaving), typeof(WorkerReleased), typeof(WorkerRefused), typeof(WorkerAsleep), typeof(WakeWorker),
        typeof(Tokenize), typeof(Tokenized), typeof(Decode), typeof(Decoded), typeof(EmbedRejected),
    ];

    // Unique among the serializers of a system; below 100 are Akka's own.
    public override int Identifier => 8421;

    public override string Manifest(object o) => o switch
    {
        EmbedBatch batch => BatchFields.VersionOf(batch) switch { BatchFields.WithPairs => EmbedBatchV3, BatchFields.WithPrompts => EmbedBatchV2, _ => EmbedBatchV1 },
        BatchEmbedded => BatchEmbeddedV1,
        BatchFailed => BatchFailedV1,
        WorkerReady ready => ModelFields.VersionOf(ready.Model) switch { ModelFields.WithKind => WorkerReadyV3, ModelFields.WithPrompts => WorkerReadyV2, _ => WorkerReadyV1 },
        RequestWork => RequestWorkV1,
        WorkerLeaving => WorkerLeavingV1,
        WorkerReleased => WorkerReleasedV1,
        WorkerRefused => WorkerRefusedV1,
        WorkerAsleep => WorkerAsleepV1,
        WakeWorker => WakeWorkerV1,
        Tokenize tokenize => tokenize.Prompt is null ? TokenizeV1 : TokenizeV2,
        Tokenized => TokenizedV2,
        Decode => DecodeV1,
        Decoded => DecodedV1,
        EmbedRejected => EmbedRejectedV1,
        _ => throw new SerializationException($"{o.GetType()} is no message between router and worker."),
    };

    public override byte[] ToBinary(object obj)
    {
        var writer = new WireWriter();
        switch (obj)
        {
            case EmbedBatch batch:
                BatchFields.Write(writer, batch);
                break;
            case BatchEmbedded embedded:
                Write(writer, embedded);
                break;
            case BatchFailed failed:
                writer.Int64(failed.BatchId);
                writer.String(failed.Cause);
                break;
            case WorkerReady ready:
                ModelFields.Write(writer, ready.Model);
                break;
            case WorkerLeaving leaving:
                writer.String(leaving.Failure);
                break;
            case WorkerRefused refused:
                writer.String(refused.Reason);
                break;
            case Tokenize tokenize:
                TokenizerFields.Write(writer, tokenize);
                break;
            case Tokenized tokenized:
                TokenizerFields.Write(writer, tokenized);
                break;
            case Decode decode:
                TokenizerFields.Write(writer, decode);
                break;
            case Decoded decoded:
                TokenizerFields.Write(writer, decoded);
                break;
            case EmbedRejected rejected:
                TokenizerFields.Write(writer, rejected);
                break;
            case RequestWork or WorkerReleased or WorkerAsleep or WakeWorker:
                break;
            default:
                throw new SerializationException($"{obj.GetType()} is no message between router and worker.");
        }

        return writer.ToArray();
    }

    public override object FromBinary(byte[] bytes, string manifest)
    {
        var reader = new WireReader(bytes);
        object message = manifest switch
        {
            EmbedBatchV1 => BatchFields.Read(ref reader, BatchFields.Plain),
            EmbedBatchV2 => BatchFields.Read(ref reader, BatchFields.WithPrompts),
            EmbedBatchV3 => BatchFields.Read(ref reader, BatchFields.WithPairs),
            BatchEmbeddedV1 => ReadBatchEmbedded(ref reader),
            BatchFailedV1 => new BatchFailed(reader.Int64(), reader.String()),
            WorkerReadyV1 => new WorkerReady(ModelFields.Read(ref reader, ModelFields.Plain), Tokenizer: null),
            WorkerReadyV2 => new WorkerReady(ModelFields.Read(ref reader, ModelFields.WithPrompts), Tokenizer: null),
            WorkerReadyV3 => new WorkerReady(ModelFields.Read(ref reader, ModelFields.WithKind), Tokenizer: null),
            RequestWorkV1 => RequestWork.Instance,
            WorkerLeavingV1 => new WorkerLeaving(reader.NullableString()),
            WorkerReleasedV1 => WorkerReleased.Instance,
            WorkerRefusedV1 => new WorkerRefused(reader.String()),
            WorkerAsleepV1 => WorkerAsleep.Instance,
            WakeWorkerV1 => WakeWorker.Instance,
            TokenizeV1 => TokenizerFields.ReadTokenize(ref reader),
            TokenizeV2 => TokenizerFields.ReadTokenize(ref reader) with { Prompt = PromptFields.ReadChoice(ref reader) },
            TokenizedV2 => TokenizerFields.ReadTokenized(ref reader),
            DecodeV1 => TokenizerFields.ReadDecode(ref reader),
            DecodedV1 => new Decoded(TokenizerFields.ReadTexts(ref reader)),
            EmbedRejectedV1 => TokenizerFields.ReadEmbedRejected(ref reader),
            _ => throw new SerializationException($"The manifest '{manifest}' is unknown to this version of ActorEmbed."),
        };
        reader.End();
        return message;
    }

    private static void Write(WireWriter writer, BatchEmbedded embedded)
    {
        writer.Int64(embedded.BatchId);
        writer.Int32(embedded.Embeddings.Count);
        foreach (var embedding in embedded.Embeddings)
        {
            writer.Int32(embedding.TokenCount);
            writer.Byte((byte)((embedding.IsTruncated ? TruncatedFlag : 0) | (embedding.IsTooLong ? TooLongFlag : 0)));
            writer.Floats(embedding.Vector);
        }
    }

    private static BatchEmbedded ReadBatchEmbedded(ref WireReader reader)
    {
        var id = reader.Int64();
        var embeddings = new TextEmbedding[reader.Count(LeastEmbeddingBytes)];
        for (var i = 0; i < embeddings.Length; i++)
        {
            var tokens = reader.Int32();
            var flags = reader.Byte();
            var vector = reader.Floats();
            embeddings[i] = (flags & TooLongFlag) != 0 ? TextEmbedding.TooLong : new TextEmbedding(vector, tokens, (flags & TruncatedFlag) != 0);
        }

        return new BatchEmbedded(id, embeddings);
    }
}
