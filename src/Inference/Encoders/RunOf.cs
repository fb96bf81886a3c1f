namespace ActorEmbed.Inference.Encoders;

/// <summary>Takes what belongs to the texts of a run.</summary>
internal static class RunOf
{
    /// <param name="run">Indices of its texts.</param>
    /// <param name="all">Of each text something; empty where nothing was said of any.</param>
    /// <returns>Of each text of the run the same; empty where nothing was said of any.</returns>
    public static T[] Texts<T>(int[] run, ReadOnlySpan<T> all)
    {
        if (all.IsEmpty)
            return [];
        var own = new T[run.Length];
        for (var i = 0; i < run.Length; i++)
            own[i] = all[run[i]];
        return own;
    }
}
