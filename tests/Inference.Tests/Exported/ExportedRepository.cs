using System.Text.Json;
using ActorEmbed.Inference.Graphs;
using ActorEmbed.Inference.Graphs.Families;
using ActorEmbed.Inference.Graphs.Families.Bert;
using ActorEmbed.Inference.Graphs.Families.DistilBert;
using ActorEmbed.Inference.Graphs.Families.MpNet;
using ActorEmbed.Inference.Graphs.Onnx;
using ActorEmbed.Inference.Graphs.PostNorm;
using ActorEmbed.Inference.Tests.Compilation;
using ActorEmbed.Inference.Weights;
using Google.Protobuf;

namespace ActorEmbed.Inference.Tests.Exported;

/// <summary>A tiny repository of one family whose safetensors were exported to a graph and taken away.</summary>
internal sealed class ExportedRepository : IDisposable
{
    private readonly TemporaryCopy _copy;

    public ExportedRepository(string name, ExportStyle style, bool approximates = false)
    {
        _copy = new TemporaryCopy(Path.Combine(AppContext.BaseDirectory, "data", name));
        var weights = Path.Combine(Directory, "model.safetensors");
        var config = EncoderConfig.Read(Path.Combine(Directory, "config.json"));
        var architecture = EncoderFamilies.Find(config)!.TryRead(config, out _)!;
        System.IO.Directory.CreateDirectory(Path.Combine(Directory, "onnx"));
        using (var files = new SafetensorsFiles([weights]))
        using (var data = new ExternalTensorFile(Path.Combine(Directory, "onnx", "model.onnx_data")))
        {
            var graph = new OnnxGraph(data);
            var exported = new ExportedEncoderGraph(files, NamesOf(config.ModelType), architecture, style, graph) { Approximates = approximates };
            exported.Write();
            graph.Save(GraphPath, "test");
            Finish(style, exported.Stored);
        }

        File.Delete(weights);
    }

    public string Directory => _copy.Path;

    public string GraphPath => Path.Combine(Directory, "onnx", "model.onnx");

    /// <summary>Texts and the vectors that the original Python code gave.</summary>
    public IReadOnlyList<(string Text, float[] Vector)> Rows =>
    [
        .. File.ReadLines(Path.Combine(Directory, "reference.jsonl")).Select(line => JsonDocument.Parse(line).RootElement)
            .Where(row => !row.TryGetProperty("prompt_name", out _))
            .Select(row => (row.GetProperty("text").GetString()!, row.GetProperty("vector").EnumerateArray().Select(value => value.GetSingle()).ToArray())),
    ];

    public void Dispose() => _copy.Dispose();

    /// <summary>What the writer of our own graphs has no need of: names for tensors, and a second output.</summary>
    private void Finish(ExportStyle style, IReadOnlyDictionary<string, string> names)
    {
        var model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(GraphPath));
        if (style == ExportStyle.Named)
        {
            foreach (var tensor in model.Graph.Initializer)
                tensor.Name = names.GetValueOrDefault(tensor.Name, tensor.Name);
            foreach (var node in model.Graph.Node)
            {
                for (var i = 0; i < node.Input.Count; i++)
                    node.Input[i] = names.GetValueOrDefault(node.Input[i], node.Input[i]);
            }
        }

        foreach (var node in model.Graph.Node.Where(node => node.OpType == "EmbedLayerNormalization"))
            node.Output.Add("mask_index");
        File.WriteAllBytes(GraphPath, model.ToByteArray());
    }

    private static IPostNormTensorNames NamesOf(string modelType) => modelType switch
    {
        "mpnet" => MpNetTensorNames.Instance,
        "distilbert" => DistilBertTensorNames.Instance,
        _ => BertTensorNames.Instance,
    };
}
