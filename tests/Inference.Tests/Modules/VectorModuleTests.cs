using ActorEmbed.Inference.Modules;

namespace ActorEmbed.Inference.Tests.Modules;

public sealed class VectorModuleTests
{
    [Theory]
    [InlineData("torch.nn.modules.linear.Identity", -1.5f, 2f)]
    [InlineData("torch.nn.modules.activation.Tanh", -0.9051483f, 0.9640276f)]
    [InlineData("torch.nn.modules.activation.GELU", -0.10021081f, 1.9544997f)]
    [InlineData("torch.nn.modules.activation.ReLU", 0f, 2f)]
    public void A_dense_module_multiplies_adds_and_activates(string activation, float first, float second)
    {
        var dense = new DenseModule("2_Dense", [1, 0, -1, 0.5f, 0.5f, 0.5f], [0.5f, 0], inputs: 3, VectorActivations.Read(activation, "config.json"));

        var vector = dense.Apply([0, 2, 2]);

        Assert.Equal([first, second], vector, (a, b) => Math.Abs(a - b) < 1e-6f);
        Assert.Equal(2, dense.DimensionsAfter(3));
    }

    [Fact]
    public void Without_a_name_the_activation_is_that_of_sentence_transformers() =>
        Assert.Equal(VectorActivation.Tanh, VectorActivations.Read(className: null, "config.json"));

    [Fact]
    public void An_unknown_activation_is_refused_by_name()
    {
        var error = Assert.Throws<ModelLoadException>(() => VectorActivations.Read("torch.nn.modules.activation.Softshrink", "2_Dense/config.json"));

        Assert.Contains("Softshrink", error.Message, StringComparison.Ordinal);
        Assert.Contains("2_Dense/config.json", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_module_for_vectors_of_another_length_is_refused_by_name()
    {
        var dense = new DenseModule("2_Dense", [1, 2, 3], [], inputs: 3, VectorActivation.Identity);

        Assert.Contains("2_Dense", Assert.Throws<ModelLoadException>(() => dense.DimensionsAfter(4)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_layer_normalisation_has_mean_zero_and_variance_one_before_its_factors()
    {
        var vector = new LayerNormModule("2_LayerNorm", [1, 2, 1], [0, 0, 1]).Apply([1, 2, 3]);

        Assert.Equal([-1.2247356f, 0, 2.2247356f], vector, (a, b) => Math.Abs(a - b) < 1e-6f);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.5, 0.5204998778130465)]
    [InlineData(-1, -0.8427007929497149)]
    [InlineData(3, 0.9999779095030014)]
    [InlineData(5.9, 1)]
    [InlineData(100, 1)]
    public void The_error_function_has_the_values_of_the_tables(double x, double expected) =>
        Assert.Equal(expected, ErrorFunction.Of(x), 13);
}
