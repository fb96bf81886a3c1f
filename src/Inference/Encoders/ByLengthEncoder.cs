namespace ActorEmbed.Inference.Encoders;

/// <summary>Short texts go to one encoder of a model, long ones to another: a device of fixed shapes has none for those.</summary>
/// <param name="shorter">Takes texts of so many tokens.</param>
/// <param name="longest">Most tokens of a text that it takes.</param>
/// <param name="longer">Takes the others.</param>
internal sealed class ByLengthEncoder(ITextEncoder shorter, int longest, ITextEncoder longer) : ITextEncoder
{
    public int Dimensions => shorter.Dimensions;

    public float[][] Encode(ReadOnlySpan<int[]> texts, ReadOnlySpan<int> unpooled = default, ReadOnlySpan<int[]?> types = default)
    {
        var isLong = new bool[texts.Length];
        for (var i = 0; i < isLong.Length; i++)
            isLong[i] = texts[i].Length > longest;

        var vectors = new float[texts.Length][];
        foreach (var group in Enumerable.Range(0, isLong.Length).ToLookup(i => isLong[i]))
        {
            int[] run = [.. group];
            var own = (group.Key ? longer : shorter).Encode(RunOf.Texts(run, texts), RunOf.Texts(run, unpooled), RunOf.Texts(run, types));
            for (var i = 0; i < run.Length; i++)
                vectors[run[i]] = own[i];
        }

        return vectors;
    }

    public void Dispose()
    {
        shorter.Dispose();
        longer.Dispose();
    }
}
