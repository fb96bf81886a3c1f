using System.Text.Json;
using ActorEmbed.Inference.Weights;

namespace ActorEmbed.Inference.Tests.Graphs;

/// <summary>
/// A tiny repository of one family, with the ids and vectors that independent implementations gave. What stands after the
/// pooling is computed here, in double precision: a test of a graph needs nothing of the code that does it in the product.
/// </summary>
internal sealed class ReferenceRepository(string name)
{
    public string Directory { get; } = Path.Combine(AppContext.BaseDirectory, "data", "families", name);

    public PoolingMode Pooling =>
        Read("1_Pooling/config.json").EnumerateObject().Single(flag => flag.Value.ValueKind == JsonValueKind.True && flag.Name != "include_prompt").Name switch
        {
            "pooling_mode_cls_token" => PoolingMode.Cls,
            "pooling_mode_lasttoken" => PoolingMode.LastToken,
            _ => PoolingMode.Mean,
        };

    public IReadOnlyList<(int[] Ids, double[] Vector)> Rows =>
    [
        .. File.ReadLines(Path.Combine(Directory, "reference.jsonl"))
            .Select(line => JsonDocument.Parse(line).RootElement)
            .Select(row => (
                row.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32()).ToArray(),
                row.GetProperty("vector").EnumerateArray().Select(v => v.GetDouble()).ToArray())),
    ];

    /// <summary>A pooled vector after the modules that follow the pooling.</summary>
    public double[] Finish(float[] pooled)
    {
        var vector = Array.ConvertAll(pooled, value => (double)value);
        foreach (var module in Read("modules.json").EnumerateArray().Skip(2))
        {
            vector = module.GetProperty("type").GetString()!.Split('.')[^1] == "Normalize"
                ? Normalize(vector)
                : Dense(module.GetProperty("path").GetString()!, vector);
        }

        return vector;
    }

    private double[] Dense(string path, double[] input)
    {
        using var file = new SafetensorsFile(Path.Combine(Directory, path, "model.safetensors"));
        var weights = file.ReadFloats(file.Find("linear.weight")!);
        var bias = file.Find("linear.bias") is { } tensor ? file.ReadFloats(tensor) : new float[weights.Length / input.Length];
        var isTanh = Read($"{path}/config.json").GetProperty("activation_function").GetString()!.EndsWith("Tanh", StringComparison.Ordinal);
        return
        [
            .. bias.Select((b, row) => b + input.Select((value, column) => value * weights[(row * input.Length) + column]).Sum())
                .Select(value => isTanh ? Math.Tanh(value) : value),
        ];
    }

    private static double[] Normalize(double[] vector)
    {
        var length = Math.Sqrt(vector.Sum(value => value * value));
        return Array.ConvertAll(vector, value => value / length);
    }

    private JsonElement Read(string file) => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Directory, file))).RootElement;
}
