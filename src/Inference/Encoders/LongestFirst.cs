namespace ActorEmbed.Inference.Encoders;

/// <summary>The order in which texts are cut into runs: like lengths come together, so that little is padded.</summary>
internal static class LongestFirst
{
    /// <returns>The indices of the texts, that of the longest first.</returns>
    public static int[] Order(ReadOnlySpan<int> lengths)
    {
        var order = new int[lengths.Length];
        for (var i = 0; i < order.Length; i++)
            order[i] = i;
        Array.Sort(lengths.ToArray(), order);
        Array.Reverse(order);
        return order;
    }
}
