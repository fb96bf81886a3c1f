using System.Runtime.Serialization;
using ActorEmbed.Actors.Clustering.Wire;
using ActorEmbed.Actors.Messages;
using ActorEmbed.Actors.WorkProtocol;
using ActorEmbed.Inference;
using ActorEmbed.Tests.Shared.Models;
using Akka.Actor;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace ActorEmbed.Actors.Tests.Clustering;

public sealed class ClusterSerializerTests : IDisposable
{
    private static readonly ModelInfo Model = new("org/model", 768, 128, "cpu") { Precision = Precision.Int8, Fingerprint = "ab12", VocabularySize = 256 };

    private readonly ActorSystem _system = ActorSystem.Create("serializer", "akka.loglevel = OFF\nakka.stdout-loglevel = OFF");
    private readonly ClusterSerializer _serializer;

    public ClusterSerializerTests() => _serializer = new ClusterSerializer((ExtendedActorSystem)_system);

    /// <summary>
    /// The bytes of version 1, which nodes of other releases speak: they are never changed. A new layout gets a new
    /// manifest and a line of its own.
    /// </summary>
    public static TheoryData<string, object, string> Version1 { get; } = new()
    {
        {
            "EB1", new EmbedBatch(0x0102030405060708, [new("é", true), new("", false)]),
            "0807060504030201" + "02000000" + "00" + "01" + "02000000" + "C3A9" + "00" + "00" + "00000000"
        },
        {
            "EB1", new EmbedBatch(1, [new(EmbeddingInput.FromTokenIds([5, 6]) with { Truncate = false }, false)]),
            "0100000000000000" + "01000000" + "01" + "02" + "02000000" + "05000000" + "06000000"
        },
        { "BE1", new BatchEmbedded(1, [TextEmbedding.TooLong]), "0100000000000000" + "01000000" + "00000000" + "03" + "00000000" },
        {
            "BE1", new BatchEmbedded(1, [new TextEmbedding([1f, -2f], 7, true)]),
            "0100000000000000" + "01000000" + "07000000" + "01" + "02000000" + "0000803F" + "000000C0"
        },
        { "BF1", new BatchFailed(1, "no"), "0100000000000000" + "02000000" + "6E6F" },
        {
            "WR1", new WorkerReady(Model, Tokenizer: null),
            "09000000" + "6F72672F6D6F64656C" + "00030000" + "80000000" + "03000000" + "637075" + "04000000" + "496E7438" + "04000000" + "61623132" + "00010000"
        },
        { "RW1", RequestWork.Instance, "" },
        { "WL1", new WorkerLeaving(null), "FFFFFFFF" },
        { "WE1", WorkerReleased.Instance, "" },
        { "WX1", new WorkerRefused("no"), "02000000" + "6E6F" },
        { "WS1", WorkerAsleep.Instance, "" },
        { "WW1", WakeWorker.Instance, "" },
        { "TT1", new Tokenize(["é", ""]), "02000000" + "02000000" + "C3A9" + "00000000" },
        {
            "TK2", new Tokenized([new TextTokens([0, 5], [0, 3], [0, 4], 1, 0)], new Dictionary<int, TokenPiece> { [0] = new("s", true), [5] = new("a", false) }),
            "01000000" + "02000000" + "00000000" + "05000000" + "02000000" + "00000000" + "03000000" + "02000000" + "00000000" + "04000000" + "01000000" + "00000000" + "02000000" + "00000000" + "01000000" + "73" + "01" + "05000000" + "01000000" + "61" + "00"
        },
        { "TD1", new Decode([[5, 6], []], SkipsSpecialTokens: true), "02000000" + "02000000" + "05000000" + "06000000" + "00000000" + "01" },
        { "TX1", new Decoded(["é", ""]), "02000000" + "02000000" + "C3A9" + "00000000" },
        {
            "ER1", new EmbedRejected(RejectionReason.Overloaded, "no") { RetryAfter = TimeSpan.FromTicks(256) },
            "0A000000" + "4F7665726C6F61646564" + "02000000" + "6E6F" + "FFFFFFFF" + "0001000000000000"
        },
    };

    /// <summary>The bytes of version 2, which has prompts: never changed either.</summary>
    public static TheoryData<string, object, string> Version2 { get; } = new()
    {
        {
            "EB2", new EmbedBatch(1, [
                new(Prompted("a", PromptChoice.Named("q")), true), new("a", false), new(Prompted("b", PromptChoice.Query), false),
                new(Prompted("c", PromptChoice.Document), false), new(Prompted("d", PromptChoice.Named("q")), false),
            ]),
            "0100000000000000" + "03000000" + "00" + "01000000" + "71" + "01" + "02"
            + "05000000" + "00" + "01" + "00000000" + "01000000" + "61" + "00" + "00" + "FFFFFFFF" + "01000000" + "61"
            + "00" + "00" + "01000000" + "01000000" + "62" + "00" + "00" + "02000000" + "01000000" + "63" + "00" + "00" + "00000000" + "01000000" + "64"
        },
        {
            "WR2",
            new WorkerReady(new("m", 2, 3, "cpu") { Prompts = new([new("q", "q: "), new("d", "") { IsFromDocumentation = true }], "q") }, Tokenizer: null),
            "01000000" + "6D" + "02000000" + "03000000" + "03000000" + "637075" + "04000000" + "46703332" + "FFFFFFFF" + "FFFFFFFF"
            + "02000000" + "01000000" + "71" + "03000000" + "713A20" + "00" + "01000000" + "64" + "00000000" + "01" + "01000000" + "71"
        },
        {
            "TT2", new Tokenize(["a"]) { Prompt = PromptChoice.Named("q") },
            "01000000" + "01000000" + "61" + "00" + "01000000" + "71"
        },
    };

    /// <summary>The bytes of version 3, which has pairs and says what a model is for: never changed either.</summary>
    public static TheoryData<string, object, string> Version3 { get; } = new()
    {
        {
            "EB3", new EmbedBatch(1, [
                new(EmbeddingInput.FromPair("q", "a"), false), new(EmbeddingInput.FromPair("r", "b") with { Truncate = false }, false),
                new(EmbeddingInput.FromPair("q", "c"), false), new(Prompted("d", PromptChoice.Query), true),
            ]),
            "0100000000000000" + "01000000" + "01" + "02000000" + "01000000" + "71" + "01000000" + "72"
            + "04000000" + "02" + "00" + "FFFFFFFF" + "00000000" + "01000000" + "61" + "02" + "02" + "FFFFFFFF" + "01000000" + "01000000" + "62"
            + "02" + "00" + "FFFFFFFF" + "00000000" + "01000000" + "63" + "00" + "01" + "00000000" + "01000000" + "64"
        },
        {
            "WR3",
            new WorkerReady(new("m", 1, 3, "cpu") { Kind = ModelKind.Reranker, ScoreActivation = ScoreActivation.Sigmoid }, Tokenizer: null),
            "01000000" + "6D" + "01000000" + "03000000" + "03000000" + "637075" + "04000000" + "46703332" + "FFFFFFFF" + "FFFFFFFF"
            + "00000000" + "FFFFFFFF" + "08000000" + "526572616E6B6572" + "07000000" + "5369676D6F6964"
        },
    };

    [Theory]
    [MemberData(nameof(Version1))]
    [MemberData(nameof(Version2))]
    [MemberData(nameof(Version3))]
    public void The_bytes_of_a_version_are_written_and_read(string manifest, object message, string hex)
    {
        var bytes = Convert.FromHexString(hex);

        Assert.Equal(manifest, _serializer.Manifest(message));
        Assert.Equal(hex, Convert.ToHexString(_serializer.ToBinary(message)));
        Assert.Equal(hex, Convert.ToHexString(_serializer.ToBinary(_serializer.FromBinary(bytes, manifest))));
    }

    [Fact]
    public void Every_message_has_a_version_1() =>
        Assert.Equal(ClusterSerializer.Messages, Version1.Select(row => row[1].GetType()).Distinct());

    [Theory]
    [InlineData("EB9")]
    [InlineData("")]
    [InlineData("System.Object")]
    public void An_unknown_manifest_is_refused_by_name(string manifest)
    {
        var error = Assert.Throws<SerializationException>(() => _serializer.FromBinary([], manifest));

        Assert.Contains($"'{manifest}'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_of_an_unknown_kind_is_refused() => Assert.Throws<SerializationException>(
        () => _serializer.FromBinary(Convert.FromHexString("0100000000000000" + "01000000" + "09" + "00" + "00000000"), "EB1"));

    [Property(MaxTest = 500)]
    public Property Bytes_of_a_stranger_are_refused_without_making_what_they_name() => Prop.ForAll(
        Gen.Elements("EB1", "EB2", "EB3", "WR2", "WR3", "TT2", "BE1", "BF1", "WR1", "WL1", "WX1", "RW1", "TT1", "TK2", "ER1").ToArbitrary(),
        ArbMap.Default.ArbFor<byte[]>(),
        (manifest, bytes) =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                _serializer.FromBinary(bytes, manifest);
            }
            catch (SerializationException)
            {
                // What else a stranger should get.
            }

            return GC.GetAllocatedBytesForCurrentThread() - before < 1 << 20;
        });

    [Property(MaxTest = 100)]
    public void A_cut_off_message_is_refused(ushort at)
    {
        var bytes = _serializer.ToBinary(new BatchEmbedded(1, [new TextEmbedding([1f, 2f, 3f], 7, false), new TextEmbedding([4f, 5f, 6f], 7, false)]));

        Assert.Throws<SerializationException>(() => _serializer.FromBinary(bytes[..(at % bytes.Length)], "BE1"));
        Assert.Throws<SerializationException>(() => _serializer.FromBinary([.. bytes, 0], "BE1"));
    }

    [Property(MaxTest = 100)]
    public void Texts_and_vectors_come_back_as_they_were(NonNull<string>[] texts, float[] vector)
    {
        // An unpaired surrogate has no bytes in UTF-8.
        var valid = texts.Select(t => new BatchText(string.Concat(t.Get.Where(c => !char.IsSurrogate(c))), true)).ToArray();

        var batch = (EmbedBatch)_serializer.FromBinary(_serializer.ToBinary(new EmbedBatch(-1, valid)), "EB1");
        var embedded = (BatchEmbedded)_serializer.FromBinary(_serializer.ToBinary(new BatchEmbedded(-1, [new(vector, 3, false)])), "BE1");

        Assert.Equal(valid, batch.Texts);
        Assert.Equal(vector, Assert.Single(embedded.Embeddings).Vector);
    }

    [Fact]
    public void Prompts_come_back_with_texts_and_with_models()
    {
        BatchText[] texts = [new(Prompted("a", PromptChoice.Query), true), new(Prompted("a", PromptChoice.Named("é")), true), new("a", true)];
        var model = Model with { Prompts = new([new("query", "q: "), new("d", "") { IsFromDocumentation = true }], "query") };

        var batch = Assert.IsType<EmbedBatch>(RoundTrip(new EmbedBatch(1, texts)));
        var ready = Assert.IsType<WorkerReady>(RoundTrip(new WorkerReady(model, Tokenizer: null)));
        var tokenize = Assert.IsType<Tokenize>(RoundTrip(new Tokenize(["a"]) { Prompt = PromptChoice.Document }));

        Assert.Equal(texts, batch.Texts);
        Assert.Equal(model, ready.Model);
        Assert.Equal(PromptChoice.Document, tokenize.Prompt);
    }

    [Fact]
    public void Of_a_model_comes_back_what_tells_it_from_others()
    {
        var known = ScriptedModel.RerankerInfo with
        {
            Prompts = new([new("query", "q: ")], "query"),
            Precision = Precision.Int8,
            Fingerprint = "ab",
            CalibratedShare = 1,
            Pooling = "cls",
            Source = "compiled from model.safetensors",
            Family = "bert",
            WeightBytes = 1,
            Parameters = 2,
            Assumption = "none",
            Matryoshka = new MatryoshkaDimensions([1]),
        };

        var ready = Assert.IsType<WorkerReady>(RoundTrip(new WorkerReady(known, Tokenizer: null)));

        Assert.Equal(ModelIdentity.Of(known), ready.Model);
        Assert.True(ModelIdentity.IsSame(known, ready.Model));
        Assert.NotEqual(known, ready.Model);
    }

    [Theory]
    // A text whose prompt is none of those before it; a kind of choice that there is not.
    [InlineData("EB2", "0100000000000000" + "01000000" + "01" + "01000000" + "00" + "00" + "01000000" + "01000000" + "61")]
    [InlineData("EB2", "0100000000000000" + "01000000" + "07" + "01000000" + "00" + "00" + "00000000" + "01000000" + "61")]
    // A pair whose query is none of those before it; a pair where the layout has none.
    [InlineData("EB3", "0100000000000000" + "00000000" + "01000000" + "01000000" + "71" + "01000000" + "02" + "00" + "FFFFFFFF" + "01000000" + "01000000" + "61")]
    [InlineData("EB2", "0100000000000000" + "00000000" + "01000000" + "02" + "00" + "FFFFFFFF" + "00000000" + "01000000" + "61")]
    // A model for what there is not.
    [InlineData("WR3", "01000000" + "6D" + "01000000" + "03000000" + "03000000" + "637075" + "04000000" + "46703332" + "FFFFFFFF" + "FFFFFFFF" + "00000000" + "FFFFFFFF" + "01000000" + "78" + "07000000" + "5369676D6F6964")]
    // A default that is none of the prompts.
    [InlineData("WR2", "01000000" + "6D" + "02000000" + "03000000" + "03000000" + "637075" + "04000000" + "46703332" + "FFFFFFFF" + "FFFFFFFF" + "00000000" + "01000000" + "71")]
    public void What_cannot_be_is_refused(string manifest, string hex) =>
        Assert.Throws<SerializationException>(() => _serializer.FromBinary(Convert.FromHexString(hex), manifest));

    public void Dispose() => _system.Terminate().Wait();

    private static EmbeddingInput Prompted(string text, PromptChoice prompt) => EmbeddingInput.FromString(text) with { Prompt = prompt };

    private object RoundTrip(object message) => _serializer.FromBinary(_serializer.ToBinary(message), _serializer.Manifest(message));
}
