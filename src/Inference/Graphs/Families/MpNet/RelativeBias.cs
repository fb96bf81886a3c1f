using ActorEmbed.Inference.Graphs.Onnx;
using ActorEmbed.Inference.Graphs.Pieces;
using static ActorEmbed.Inference.Graphs.Onnx.OnnxGraph;

namespace ActorEmbed.Inference.Graphs.Families.MpNet;

/// <summary>
/// A learned bias of each attention score by the distance from query to key, in buckets that grow with the distance.
/// It is spread out once, when the model is compiled; a run takes the corner that its longest text needs, once for all
/// layers. For a long text it is looked up by distance.
/// </summary>
/// <param name="readTable">Gives [buckets, heads].</param>
/// <param name="heads">Attention heads.</param>
/// <param name="places">Queries and keys of the longest text that is not long, padding included.</param>
/// <param name="distances">Distances that any text may have, to either side.</param>
internal sealed class RelativeBias(Func<float[]> readTable, int heads, int places, int distances) : IScoreBias
{
    /// <summary>In the modelling code: the configuration's number only sizes the table.</summary>
    public const int Buckets = 32;

    // For keys before the query, itself included; as many again for those behind it.
    private const int BucketsOfOneSide = Buckets / 2;

    // Up to here each distance has a bucket of its own.
    private const int ExactDistances = BucketsOfOneSide / 2;

    public string Write(OnnxGraph graph, string paddedTokens)
    {
        var spread = graph.Floats(Spread(), 1, heads, places, places);
        var padded = graph.Node(StandardDomain, "Gather", [graph.Node("Shape", paddedTokens), graph.Int64s(1)], []);
        var corner = graph.Node(StandardDomain, "Concat", [padded, padded], [Attribute("axis", 0L)]);
        return graph.Node("Slice", spread, graph.Int64s(0, 0), corner, graph.Int64s(2, 3));
    }

    public string WriteOfDistances(OnnxGraph graph, string ofKeys)
    {
        var table = readTable();
        var summands = new float[heads * (2 * distances + 1)];
        for (var head = 0; head < heads; head++)
        {
            for (var distance = -distances; distance <= distances; distance++)
                summands[(head * (2 * distances + 1)) + distances + distance] = Of(table, head, distance);
        }

        // Behind the ends of the text are places that no block asks for.
        var known = graph.Node("Max", graph.Node("Min", ofKeys, graph.Int64s(distances)), graph.Int64s(-distances));
        return graph.Node(
            StandardDomain,
            "Gather",
            [graph.Floats(summands, heads, 2 * distances + 1), graph.Node("Add", known, graph.Int64s(distances))],
            [Attribute("axis", 1L)]);
    }

    /// <param name="distance">Place of the query less place of the key.</param>
    public static int BucketOf(int distance)
    {
        var steps = (long)Math.Abs(distance);
        var bucket = (int)Math.Min(steps, ExactDistances);
        // Two buckets for each doubling: one begins where the square of the distance has doubled. In whole numbers, as a
        // logarithm may fall on either side of a boundary.
        for (var begin = 2L * ExactDistances * ExactDistances; steps * steps >= begin && bucket < BucketsOfOneSide - 1; begin *= 2)
            bucket++;
        return distance < 0 ? BucketsOfOneSide + bucket : bucket;
    }

    private float Of(float[] table, int head, int distance) => table[(BucketOf(distance) * heads) + head];

    private float[] Spread()
    {
        var table = readTable();
        var spread = new float[heads * places * places];
        for (var head = 0; head < heads; head++)
        {
            for (var query = 0; query < places; query++)
            {
                for (var key = 0; key < places; key++)
                    spread[(((head * places) + query) * places) + key] = Of(table, head, query - key);
            }
        }

        return spread;
    }
}
