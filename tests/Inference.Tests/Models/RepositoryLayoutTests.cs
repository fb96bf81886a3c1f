using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Nodes;
using ActorEmbed.Inference.Loading;
using ActorEmbed.Inference.Models;
using ActorEmbed.Inference.Tests.Repositories;
using ActorEmbed.Tests.Shared.Models;
using Google.Protobuf;
using Microsoft.Extensions.Logging.Abstractions;

namespace ActorEmbed.Inference.Tests.Models;

/// <summary>The layouts that repositories come in, loaded as a server does.</summary>
public sealed class RepositoryLayoutTests
{
    private const string Weights = "model.safetensors";

    private const double Tolerance = 2e-5;

    [Fact]
    public void Weights_in_several_files_give_the_vectors_of_one()
    {
        using var copy = TestModels.Copy(TestModels.XlmrTiny);
        Split(copy);
        using var model = ModelLoader.Load(copy.Directory);

        Assert.Equal("compiled from 2 safetensors files", model.Info.Source);
        AssertReference(model);
    }

    [Theory]
    [InlineData("onnx/model.onnx", null)]
    [InlineData("model.onnx", null)]
    [InlineData("onnx/model_quantised.onnx", "quantised")]
    [InlineData("model_quantised.onnx", "quantised")]
    [InlineData("onnx/model_only.onnx", null)]
    public void A_graph_is_run_wherever_it_lies(string path, string? variant)
    {
        using var copy = TestModels.Copy(TestModels.XlmrTiny);
        Directory.CreateDirectory(copy.Path("elsewhere"));
        File.Move(copy.Path("onnx/model.onnx"), copy.Path("elsewhere/graph"));
        File.Move(copy.Path("elsewhere/graph"), copy.Path(path));
        if (variant is null)
            File.Delete(copy.Path(Weights));
        using var model = ModelLoader.Load(copy.Directory, new ModelOptions { Variant = variant });

        // Its main graph alone is one that weights are taken from.
        Assert.Equal($"{(variant is null && Path.GetFileName(path) == "model.onnx" ? "compiled from" : "runs")} {path}", model.Info.Source);
        AssertReference(model);
    }

    [Fact]
    public void A_variant_that_a_directory_does_not_have_is_named()
    {
        var error = Assert.Throws<ModelLoadException>(() => ModelLoader.Load(TestModels.XlmrTiny, new ModelOptions { Variant = "O9" }));

        Assert.Contains("onnx/model_O9.onnx is missing", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Pooling_that_is_asked_for_wins_over_the_repository_and_is_no_assumption()
    {
        using var copy = TestModels.Copy(TestModels.XlmrTiny);
        using var asked = ModelLoader.Load(copy.Directory, new ModelOptions { Pooling = PoolingMode.Cls });
        copy.Replace("1_Pooling/config.json", "\"pooling_mode_mean_tokens\": true", "\"pooling_mode_mean_tokens\": false");
        copy.Replace("1_Pooling/config.json", "\"pooling_mode_cls_token\": false", "\"pooling_mode_cls_token\": true");
        using var stated = ModelLoader.Load(copy.Directory);

        Assert.Equal(("cls", null), (asked.Info.Pooling, asked.Info.Assumption));
        Assert.Equal(stated.Embed(["a text"])[0].Vector, asked.Embed(["a text"])[0].Vector);
    }

    [Theory]
    [InlineData("Xenova--bge-small-en-v1.5", null, PoolingMode.Cls, "bge-small-en-v1.5")]
    [InlineData("onnx-community--Qwen3-Embedding-0.6B-ONNX", null, PoolingMode.LastToken, "Qwen3-Embedding-0.6B-ONNX")]
    [InlineData("someone--my-export", "Snowflake/snowflake-arctic-embed-m", PoolingMode.Cls, "snowflake-arctic-embed-m")]
    [InlineData("Xenova--all-MiniLM-L6-v2", null, PoolingMode.Mean, "sentence-transformers does")]
    public void A_copy_without_modules_is_pooled_as_its_original_and_says_so(string folder, string? original, object pooling, string said)
    {
        using var copy = TestModels.Copy(TestModels.XlmrTiny);
        var snapshot = Path.Combine(copy.Directory, "models--" + folder, "snapshots", "0123abc");
        Directory.CreateDirectory(Path.Combine(snapshot, "onnx"));
        File.WriteAllText(Path.Combine(snapshot, "config.json"), JsonSerializer.Serialize(new { model_type = "bert", _name_or_path = original }));
        File.WriteAllBytes(Path.Combine(snapshot, "onnx", "model.onnx"), GraphBytes.Encoder().ToByteArray());
        File.WriteAllText(Path.Combine(snapshot, "vocab.txt"), "[PAD]\n");

        var description = ModelDirectory.Read(snapshot);

        Assert.Equal((PoolingMode)pooling, Assert.Single(description.Pooling));
        Assert.Contains(said, description.Assumption, StringComparison.Ordinal);
        Assert.Contains("--pooling", description.Assumption, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_of_ones_own_with_a_well_known_name_is_no_copy()
    {
        using var copy = TestModels.Copy(TestModels.XlmrTiny);
        copy.Replace("config.json", "{", "{\"_name_or_path\":\"BAAI/bge-m3\",");
        File.Delete(copy.Path("modules.json"));

        Assert.Equal(PoolingMode.Mean, Assert.Single(ModelDirectory.Read(copy.Directory).Pooling));
    }

    [Fact]
    public void A_repository_that_says_how_to_pool_leaves_nothing_to_assume()
    {
        using var model = ModelLoader.Load(TestModels.XlmrTiny, logger: NullLogger.Instance);

        Assert.Equal(("mean", "compiled from model.safetensors", null), (model.Info.Pooling, model.Info.Source, model.Info.Assumption));
    }

    private static void AssertReference(IEmbeddingModel model)
    {
        var reference = ReferenceText.Of(TestModels.XlmrTiny);
        var vectors = model.Embed([.. reference.Select(line => (EmbeddingInput)line.Text)]);
        Assert.All(reference.Zip(vectors), pair => Assert.All(
            pair.First.Vector.Zip(pair.Second.Vector), components => Assert.Equal(components.First, components.Second, Tolerance)));
    }

    /// <summary>Every other tensor in another file, so that neighbours lie apart.</summary>
    private static void Split(TestModels.TemporaryCopy copy)
    {
        var bytes = File.ReadAllBytes(copy.Path(Weights));
        File.Delete(copy.Path(Weights));
        var headerLength = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        var tensors = JsonNode.Parse(bytes.AsSpan(sizeof(ulong), headerLength))!.AsObject().Where(entry => entry.Key != "__metadata__").ToList();
        var map = new Dictionary<string, string>();
        for (var shard = 0; shard < 2; shard++)
        {
            var name = $"model-0000{shard + 1}-of-00002.safetensors";
            var header = new JsonObject();
            using var data = new MemoryStream();
            foreach (var (key, tensor) in tensors.Where((_, i) => i % 2 == shard))
            {
                var offsets = tensor!["data_offsets"]!.AsArray().Select(offset => (int)offset!).ToArray();
                var copied = tensor.DeepClone();
                copied["data_offsets"] = new JsonArray((int)data.Length, (int)data.Length + offsets[1] - offsets[0]);
                data.Write(bytes, sizeof(ulong) + headerLength + offsets[0], offsets[1] - offsets[0]);
                header[key] = copied;
                map[key] = name;
            }

            var json = JsonSerializer.SerializeToUtf8Bytes(header);
            var prefix = new byte[sizeof(ulong)];
            BinaryPrimitives.WriteUInt64LittleEndian(prefix, (ulong)json.Length);
            File.WriteAllBytes(copy.Path(name), [.. prefix, .. json, .. data.ToArray()]);
        }

        File.WriteAllText(copy.Path(Weights + ".index.json"), JsonSerializer.Serialize(new { weight_map = map }));
    }
}
