using ActorEmbed.Inference.Compilation;
using ActorEmbed.Inference.Compilation.Onnx;
using ActorEmbed.Inference.Encoding;
using ActorEmbed.Inference.Models;

namespace ActorEmbed.Inference.Tests.Compilation;

public sealed class ExactGraphTests
{
    [Fact]
    public void Quick()
    {
        var dir = System.IO.Directory.CreateTempSubdirectory("ae-");
        var arch = EncoderArchitecture.TryRead(Path.Combine(TinyModel.Directory, "config.json"), out _)!;
        using var file = new SafetensorsFile(Path.Combine(TinyModel.Directory, "model.safetensors"));
        var w = EncoderWeights.TryOpen(file, arch, out var why)!;
        var path = Path.Combine(dir.FullName, "model.onnx");
        using (var ext = new ExternalTensorFile(Path.Combine(dir.FullName, "weights.bin")))
        {
            var g = new OnnxGraph(ext);
            new EncoderGraphBuilder(arch, w, PoolingMode.Mean, new ExactProducts(w)).Build(g);
            g.Save(path, "1");
        }
        using var enc = new PackedEncoder(new PackedSessions(path, 2), new PackedTokenTable(file.Path, w.TokenTable), arch, 2);
        var reference = TinyModel.ReadReference();
        var v = enc.Encode(reference.Select(r => r.Ids).ToArray());
        var worst = 0f;
        for (var i = 0; i < v.Length; i++)
        {
            var d = v[i].Zip(reference[i].Vector, (a, b) => MathF.Abs(a - b)).Max();
            worst = MathF.Max(worst, d);
            Assert.True(d < 2e-5, $"{reference[i].Text}: {d}");
        }
        for (var i = 0; i < v.Length; i++)
            Assert.Equal(v[i], enc.Encode([reference[i].Ids])[0]);
        Assert.Fail($"worst {worst}");
    }
}
