using ActorEmbed.Inference;
using ActorEmbed.Inference.Encoders;
using ActorEmbed.Inference.Graphs.Onnx;
using Microsoft.ML.OnnxRuntime;
using static ActorEmbed.Inference.Graphs.Onnx.OnnxGraph;
using DataType = ActorEmbed.Inference.Graphs.Onnx.TensorProto.Types.DataType;

namespace ActorEmbed.Bench.Families;

/// <summary>
/// What the machine's matrix kernels give at the shapes of a model: nothing but its dense products, as many tokens as a run
/// of the encoder has, one thread on each core, and weights of so many layers that no cache holds them.
/// </summary>
internal sealed class KernelRate : IDisposable
{
    // More than any third-level cache that a core has to itself.
    private const double LeastWeightBytes = 64 << 20;

    private readonly string _directory = Directory.CreateTempSubdirectory("actorembed-kernels-").FullName;
    private readonly PackedSessions _sessions;
    private readonly Dictionary<string, OrtValue> _inputs = [];
    private readonly string[] _outputs;
    private readonly double _operations;

    public KernelRate(FamilyShape shape, Precision precision)
    {
        var isInt8 = precision == Precision.Int8;
        var products = shape.Products;
        var bytes = products.Sum(product => (double)product.Rows * product.Columns) * (isInt8 ? 1 : sizeof(float));
        var layers = (int)Math.Clamp(Math.Ceiling(LeastWeightBytes / bytes), 1, shape.Layers);
        _operations = 2e-9 * layers * PackedBatches.MaxTokens * products.Sum(product => (double)product.Rows * product.Columns);
        var path = Path.Combine(_directory, "model.onnx");
        using (var largeTensors = new ExternalTensorFile(Path.Combine(_directory, "weights.bin")))
        {
            var graph = new OnnxGraph(largeTensors);
            foreach (var rows in products.Select(product => product.Rows).Distinct())
                AddInput(graph, rows, isInt8);
            for (var i = 0; i < layers * products.Count; i++)
            {
                var (rows, columns) = products[i % products.Count];
                graph.Output(isInt8 ? Bytes(graph, rows, columns) : Floats(graph, rows, columns), $"product_{i}", "T", "width");
            }

            graph.Save(path, "bench");
        }

        _sessions = new PackedSessions(path, threads: 1);
        _outputs = [.. _sessions.SingleThreaded.OutputMetadata.Keys];
    }

    /// <summary>Operations of one <see cref="Run"/>, in 10^9.</summary>
    public double Operations => Environment.ProcessorCount * _operations;

    /// <summary>Computes all products once on each core.</summary>
    public void Run()
    {
        using var options = new RunOptions();
        Parallel.For(0, Environment.ProcessorCount, _ =>
        {
            using var outputs = _sessions.SingleThreaded.Run(options, _inputs, _outputs);
        });
    }

    public void Dispose()
    {
        foreach (var input in _inputs.Values)
            input.Dispose();
        _sessions.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private static string InputOf(int rows) => $"tokens_{rows}";

    private static string Floats(OnnxGraph graph, int rows, int columns) =>
        graph.Node("Gemm", InputOf(rows), graph.Floats(new float[rows * columns], rows, columns));

    private static string Bytes(OnnxGraph graph, int rows, int columns)
    {
        var scales = new float[columns];
        scales.AsSpan().Fill(1f);
        return graph.Node(
            MicrosoftDomain,
            "MatMulIntegerToFloat",
            [
                InputOf(rows), graph.Int8s(new sbyte[rows * columns], rows, columns), graph.Floats([1f]), graph.Floats(scales, columns),
                graph.UInt8(128), "", "",
            ],
            []);
    }

    private void AddInput(OnnxGraph graph, int rows, bool isInt8)
    {
        var name = InputOf(rows);
        graph.Input(name, isInt8 ? DataType.Uint8 : DataType.Float, "T", $"{rows}");
        long[] shape = [PackedBatches.MaxTokens, rows];
        _inputs[name] = isInt8
            ? OrtValue.CreateTensorValueFromMemory(new byte[PackedBatches.MaxTokens * rows], shape)
            : OrtValue.CreateTensorValueFromMemory(new float[PackedBatches.MaxTokens * rows], shape);
    }
}
