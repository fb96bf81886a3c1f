using ActorEmbed.Inference.Loading;
using ActorEmbed.Tests.Shared.Models;

namespace ActorEmbed.Inference.Tests.Models;

public sealed class MatryoshkaTests
{
    [Fact]
    public void The_lengths_that_a_repository_names_are_listed_longest_first()
    {
        using var copy = TestModels.Copy(TestModels.XlmrTiny);
        copy.Replace("config.json", "{", "{\"matryoshka_dimensions\":[16,64,32,32],");

        using var model = ModelLoader.Load(copy.Directory);

        // A whole vector has 64 components: that is no shorter one.
        Assert.Equal([32, 16], model.Info.Matryoshka.All);
    }

    [Fact]
    public void A_repository_that_names_none_has_none()
    {
        using var copy = TestModels.Copy(TestModels.XlmrTiny);
        using var model = ModelLoader.Load(copy.Directory);

        Assert.Empty(model.Info.Matryoshka.All);
    }

    [Fact]
    public void Lengths_that_are_no_numbers_are_refused_by_name()
    {
        using var copy = TestModels.Copy(TestModels.XlmrTiny);
        copy.Replace("config.json", "{", "{\"matryoshka_dimensions\":[\"32\"],");

        Assert.Contains("matryoshka_dimensions", Assert.Throws<ModelLoadException>(() => ModelLoader.Load(copy.Directory)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_with_the_same_lengths_are_equal()
    {
        Assert.Equal(new MatryoshkaDimensions(32, 16), new MatryoshkaDimensions(16, 32));
        Assert.NotEqual(new MatryoshkaDimensions(32), new MatryoshkaDimensions(16));
    }
}
