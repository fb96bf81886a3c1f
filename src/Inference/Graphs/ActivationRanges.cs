namespace ActorEmbed.Inference.Graphs;

/// <summary>
/// What the inputs of an encoder's dense products were seen to be on the calibration texts, by component: the outputs of
/// an observed graph (<see cref="IEncoderWriter.WriteObserved"/>) by their names.
/// </summary>
internal sealed class ActivationRanges
{
    private const string Least = "_min";
    private const string Greatest = "_max";

    private readonly Dictionary<string, float[]> _seen = [];

    /// <summary>Name of the output that holds the least value of each component.</summary>
    public static string MinOf(string what, int layer) => $"{what}_{layer}{Least}";

    /// <summary>Name of the output that holds the greatest value of each component.</summary>
    public static string MaxOf(string what, int layer) => $"{what}_{layer}{Greatest}";

    /// <summary>Whether a graph's output is one of these.</summary>
    public static bool IsRange(string output) =>
        output.EndsWith(Least, StringComparison.Ordinal) || output.EndsWith(Greatest, StringComparison.Ordinal);

    /// <summary>The least value of each component over all runs.</summary>
    public float[] Min(string what, int layer) => _seen[MinOf(what, layer)];

    /// <summary>The greatest value of each component over all runs.</summary>
    public float[] Max(string what, int layer) => _seen[MaxOf(what, layer)];

    /// <summary>Widens the ranges by what one run gave.</summary>
    public void Join(string output, ReadOnlySpan<float> seen)
    {
        if (!_seen.TryGetValue(output, out var known))
        {
            _seen[output] = seen.ToArray();
            return;
        }

        var isLeast = output.EndsWith(Least, StringComparison.Ordinal);
        for (var i = 0; i < known.Length; i++)
            known[i] = isLeast ? MathF.Min(known[i], seen[i]) : MathF.Max(known[i], seen[i]);
    }
}
