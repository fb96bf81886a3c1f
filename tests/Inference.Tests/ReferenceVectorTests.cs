using ActorEmbed.Inference.Loading;
using ActorEmbed.Tests.Shared.Models;

namespace ActorEmbed.Inference.Tests;

public sealed class ReferenceVectorTests
{
    // What an exact fp32 path may differ from the reference by: the order of summation differs.
    private const float Tolerance = 2e-5f;

    // What the company of other texts may change: padding shifts the order of summation too.
    private const float BatchTolerance = 1e-5f;

    public static TheoryData<string> Models => [TestModels.XlmrTiny, TestModels.Starter];

    [Theory]
    [MemberData(nameof(Models))]
    public void Vectors_equal_those_of_the_reference(string directory)
    {
        using var model = ModelLoader.Load(directory);
        var reference = ReferenceText.Of(directory);

        var embeddings = model.Embed(reference.Select(r => r.Text).ToArray());

        Assert.All(reference.Zip(embeddings), pair =>
        {
            AssertClose(pair.First.Vector, pair.Second.Vector, Tolerance);
            Assert.Equal(pair.First.Ids.Length, pair.Second.TokenCount);
        });
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void The_vector_of_a_text_does_not_depend_on_what_shares_its_batch(string directory)
    {
        using var model = ModelLoader.Load(directory);
        var texts = ReferenceText.Of(directory).Select(r => r.Text).ToArray();

        var together = model.Embed(texts);
        var reversed = model.Embed(texts.Reverse().ToArray()).Reverse().ToArray();

        for (var i = 0; i < texts.Length; i++)
        {
            var alone = model.Embed([texts[i]])[0].Vector;
            AssertClose(alone, together[i].Vector, BatchTolerance);
            AssertClose(alone, reversed[i].Vector, BatchTolerance);
        }
    }

    [Fact]
    public void A_long_text_is_truncated_and_says_so()
    {
        using var model = ModelLoader.Load(TestModels.XlmrTiny);

        var embeddings = model.Embed(["short", string.Concat(Enumerable.Repeat("a long text ", 1000))]);

        Assert.Equal([(false, false), (true, true)], embeddings.Select(e => (e.IsTruncated, e.TokenCount == 128)));
    }

    [Fact]
    public void No_texts_give_no_vectors()
    {
        using var model = ModelLoader.Load(TestModels.Starter);

        Assert.Empty(model.Embed([]));
    }

    [Fact]
    public void Translations_are_nearest_neighbours_in_the_embedded_model()
    {
        using var model = ModelLoader.Load(TestModels.Starter);
        string[] english = ["The train leaves at eight o'clock.", "My sister is a doctor.", "It is raining today.", "I would like a cup of coffee."];
        string[][] translations =
        [
            ["Der Zug fährt um acht Uhr ab.", "Meine Schwester ist Ärztin.", "Es regnet heute.", "Ich möchte eine Tasse Kaffee."],
            ["Le train part à huit heures.", "Ma sœur est médecin.", "Il pleut aujourd'hui.", "Je voudrais une tasse de café."],
            ["Поезд отправляется в восемь часов.", "Моя сестра врач.", "Сегодня идёт дождь.", "Я хотел бы чашку кофе."],
        ];
        var from = Unit(english);

        foreach (var translation in translations)
        {
            var to = Unit(translation);
            for (var i = 0; i < from.Length; i++)
                Assert.Equal(i, Array.IndexOf(to, to.MaxBy(t => Dot(from[i], t))));
        }

        float[][] Unit(string[] texts) => [.. model.Embed(texts).Select(e => VectorNorm.Normalize(e.Vector))];
        static float Dot(float[] a, float[] b) => System.Numerics.Tensors.TensorPrimitives.Dot<float>(a, b);
    }

    private static void AssertClose(float[] expected, float[] actual, float tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.InRange(expected.Zip(actual, (e, a) => Math.Abs(e - a)).Max(), 0, tolerance);
    }
}
