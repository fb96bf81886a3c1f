using System.Text.Json;
using ActorEmbed.Inference.Weights;

namespace ActorEmbed.Inference.Tests.Compilation;

public sealed class SafetensorsFileTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    [Theory]
    [InlineData("F32", new byte[] { 0, 0, 192, 63, 0, 0, 0, 192 })]
    [InlineData("F16", new byte[] { 0, 62, 0, 192 })]
    [InlineData("BF16", new byte[] { 192, 63, 0, 192 })]
    public void Every_floating_point_type_reads_as_single_precision(string dtype, byte[] data)
    {
        SafetensorsBytes.Write(_path, [("odd", "I8", [1], [9]), ("w", dtype, [1, 2], data)]);

        using var file = new SafetensorsFile(_path);

        Assert.Equal([1.5f, -2f], file.ReadFloats(file.Find("w")!));
    }

    [Fact]
    public void A_header_that_claims_more_than_the_file_is_damage()
    {
        File.WriteAllBytes(_path, [.. BitConverter.GetBytes(1_000UL), .. "{}"u8]);
        AssertDamaged("1000 bytes");
    }

    [Fact]
    public void A_header_over_the_limit_of_the_format_is_damage()
    {
        using (var file = File.Create(_path))
        {
            file.Write(BitConverter.GetBytes(100_000_001UL));
            file.SetLength(200_000_000);
        }

        AssertDamaged("limit");
    }

    [Fact]
    public void A_file_of_a_few_bytes_is_damage()
    {
        File.WriteAllBytes(_path, [1, 2, 3]);
        AssertDamaged("3 bytes");
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("""{"w":{"dtype":"F32","shape":[1]}}""")]
    [InlineData("""{"w":{"dtype":"F32","shape":["one"],"data_offsets":[0,4]}}""")]
    public void A_header_of_another_form_is_damage(string header)
    {
        SafetensorsBytes.Write(_path, header, new byte[8]);
        AssertDamaged("header");
    }

    [Theory]
    [InlineData(new[] { 1 }, new[] { 0, 8 })]
    [InlineData(new[] { 2 }, new[] { 4, 12 })]
    [InlineData(new[] { 2 }, new[] { 8, 0 })]
    [InlineData(new[] { 2 }, new[] { -8, 0 })]
    [InlineData(new[] { -2 }, new[] { 0, 8 })]
    [InlineData(new[] { 2 }, new[] { 0 })]
    public void A_tensor_outside_its_file_or_of_another_size_is_damage(int[] shape, int[] offsets)
    {
        SafetensorsBytes.Write(
            _path, JsonSerializer.Serialize(new { w = new { dtype = "F32", shape, data_offsets = offsets } }), new byte[8]);
        AssertDamaged("'w'");
    }

    [Fact]
    public void A_shape_whose_product_overflows_is_damage()
    {
        SafetensorsBytes.Write(
            _path, """{"w":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}""", []);
        AssertDamaged("header");
    }

    [Fact]
    public void Overlapping_tensors_are_damage()
    {
        SafetensorsBytes.Write(
            _path,
            """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F16","shape":[1],"data_offsets":[2,4]}}""",
            new byte[4]);
        AssertDamaged("overlap");
    }

    [Fact]
    public void A_missing_file_is_an_error_that_names_it()
    {
        File.Delete(_path);
        var error = Assert.Throws<ModelLoadException>(() => new SafetensorsFile(_path));
        Assert.Contains(_path, error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => File.Delete(_path);

    private void AssertDamaged(string mentioned)
    {
        var error = Assert.Throws<ModelLoadException>(() => new SafetensorsFile(_path));
        Assert.Contains(_path, error.Message, StringComparison.Ordinal);
        Assert.Contains(mentioned, error.Message, StringComparison.Ordinal);
    }
}
