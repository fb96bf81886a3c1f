using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using ActorEmbed.Inference.Graphs;
using ActorEmbed.Inference.Weights;

namespace ActorEmbed.Inference.Tests.Compilation;

/// <summary>A model directory with seeded random weights, in a temporary place that disappears with it.</summary>
internal sealed class SeededModel : IDisposable
{
    public const int Vocabulary = 300;
    public const int Positions = 200;
    private const float NormEpsilon = 1e-5f;

    private readonly DirectoryInfo _directory = System.IO.Directory.CreateTempSubdirectory("actorembed-");

    public SeededModel(
        string modelType = "xlm-roberta", int layers = 2, int hidden = 32, int heads = 4, int feedForward = 64,
        string prefix = "", string dtype = "F32", string activation = "gelu", int seed = 1,
        int positions = Positions, Action<string, float[]>? change = null)
    {
        Architecture = new EncoderArchitecture(
            layers, hidden, heads, feedForward, Vocabulary, positions, modelType == "bert" ? null : 1, NormEpsilon);
        WriteConfig(modelType, activation);
        WriteWeights(prefix, dtype, seed, change ?? ((_, _) => { }));
    }

    public EncoderArchitecture Architecture { get; }

    public string Directory => _directory.FullName;

    public string WeightsPath => Path.Combine(Directory, "model.safetensors");

    /// <summary>What was stored, by name without the prefix.</summary>
    public Dictionary<string, float[]> Tensors { get; } = [];

    public static int[][] RandomTexts(int seed, params int[] lengths)
    {
        var random = new Random(seed);
        return [.. lengths.Select(length => Enumerable.Range(0, length).Select(_ => random.Next(3, Vocabulary)).ToArray())];
    }

    /// <summary>Changes what the configuration says.</summary>
    public void Restate(string stated, string instead)
    {
        var path = Path.Combine(Directory, "config.json");
        var config = File.ReadAllText(path);
        Assert.Contains(stated, config, StringComparison.Ordinal);
        File.WriteAllText(path, config.Replace(stated, instead, StringComparison.Ordinal));
    }

    /// <summary>Overwrites the last component of a tensor in place, as a disk or a broken training run may.</summary>
    public void Damage(string tensor, float component)
    {
        using var file = new SafetensorsFile(WeightsPath);
        var place = file.Find(tensor)!;
        using var stream = new FileStream(WeightsPath, FileMode.Open, FileAccess.Write);
        stream.Position = place.Offset + place.Length - sizeof(float);
        stream.Write(BitConverter.GetBytes(component));
    }

    public void Dispose() => _directory.Delete(recursive: true);

    private void WriteConfig(string modelType, string activation) => File.WriteAllText(
        Path.Combine(Directory, "config.json"),
        JsonSerializer.Serialize(new
        {
            model_type = modelType,
            hidden_act = activation,
            hidden_size = Architecture.Hidden,
            intermediate_size = Architecture.FeedForward,
            num_attention_heads = Architecture.Heads,
            num_hidden_layers = Architecture.Layers,
            layer_norm_eps = NormEpsilon,
            max_position_embeddings = Architecture.Positions,
            vocab_size = Vocabulary,
            pad_token_id = modelType == "bert" ? 0 : 1,
        }));

    private void WriteWeights(string prefix, string dtype, int seed, Action<string, float[]> change)
    {
        var (hidden, wide) = (Architecture.Hidden, Architecture.FeedForward);
        var tensors = new List<(string Name, int[] Shape, float Mean)>
        {
            ("embeddings.word_embeddings.weight", [Vocabulary, hidden], 0),
            ("embeddings.position_embeddings.weight", [Architecture.Positions, hidden], 0),
            ("embeddings.token_type_embeddings.weight", [2, hidden], 0),
        };
        AddNorm("embeddings.LayerNorm");
        for (var layer = 0; layer < Architecture.Layers; layer++)
        {
            var name = $"encoder.layer.{layer}";
            AddDense($"{name}.attention.self.query", hidden, hidden);
            AddDense($"{name}.attention.self.key", hidden, hidden);
            AddDense($"{name}.attention.self.value", hidden, hidden);
            AddDense($"{name}.attention.output.dense", hidden, hidden);
            AddNorm($"{name}.attention.output.LayerNorm");
            AddDense($"{name}.intermediate.dense", wide, hidden);
            AddDense($"{name}.output.dense", hidden, wide);
            AddNorm($"{name}.output.LayerNorm");
        }

        AddDense("pooler.dense", hidden, hidden);
        var random = new Random(seed);
        var written = new List<(string, string, int[], byte[])>();
        foreach (var (name, shape, mean) in tensors)
        {
            var values = new float[shape.Aggregate(1, (product, size) => product * size)];
            foreach (ref var value in values.AsSpan())
                value = Round(dtype, mean + 0.6f * (random.NextSingle() - 0.5f));
            change(name, values);
            Tensors[name] = values;
            written.Add((prefix + name, dtype, shape, Store(dtype, values)));
        }

        SafetensorsBytes.Write(WeightsPath, written);

        void AddDense(string name, int outputs, int inputs)
        {
            tensors.Add((name + ".weight", [outputs, inputs], 0));
            tensors.Add((name + ".bias", [outputs], 0));
        }

        void AddNorm(string name)
        {
            tensors.Add((name + ".weight", [hidden], 1));
            tensors.Add((name + ".bias", [hidden], 0));
        }
    }

    private static float Round(string dtype, float value) => dtype switch
    {
        "F16" => (float)(Half)value,
        "BF16" => BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(value) & 0xFFFF0000),
        _ => value,
    };

    private static byte[] Store(string dtype, float[] values)
    {
        if (dtype == "F32")
            return MemoryMarshal.AsBytes<float>(values).ToArray();
        var bytes = new byte[values.Length * sizeof(ushort)];
        for (var i = 0; i < values.Length; i++)
        {
            var bits = dtype == "F16"
                ? BitConverter.HalfToUInt16Bits((Half)values[i])
                : (ushort)(BitConverter.SingleToUInt32Bits(values[i]) >> 16);
            BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(i * sizeof(ushort)), bits);
        }

        return bytes;
    }
}
