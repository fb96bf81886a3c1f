using System.Text.Json;
using ActorEmbed.Inference.Graphs;

namespace ActorEmbed.Inference.Tests.Graphs;

public sealed class EncoderConfigTests
{
    [Theory]
    [InlineData("\"1e-5\"")]
    [InlineData("true")]
    [InlineData("[1e-5]")]
    [InlineData("1e999")]
    [InlineData("-1e40")]
    public void A_number_that_is_none_is_not_replaced_by_a_default(string value)
    {
        var error = Assert.Throws<ModelLoadException>(() => Config($$"""{"layer_norm_eps":{{value}}}""").Number("layer_norm_eps"));

        Assert.Equal($"config.json: field 'layer_norm_eps' must be a number, but is {value}.", error.Message);
    }

    [Theory]
    [InlineData("""{"layer_norm_eps":1e-5}""", 1e-5f)]
    [InlineData("""{"layer_norm_eps":null}""", null)]
    [InlineData("{}", null)]
    public void A_number_may_be_left_out(string json, float? expected) => Assert.Equal(expected, Config(json).Number("layer_norm_eps"));

    private static EncoderConfig Config(string json) => EncoderConfig.Of("config.json", JsonSerializer.Deserialize<JsonElement>(json));
}
