namespace ActorEmbed.Api.Http.Page.Live;

/// <summary>How long requests took, from receipt to answer.</summary>
/// <param name="Count">How many there were.</param>
/// <param name="P50">Half took no longer, in seconds.</param>
/// <param name="P95">95 of 100 took no longer, in seconds.</param>
internal sealed record LiveLatency(int Count, double P50, double P95)
{
    /// <param name="seconds">In any order; null is made of none.</param>
    public static LiveLatency? Of(double[] seconds)
    {
        if (seconds.Length == 0)
            return null;
        Array.Sort(seconds);
        return new LiveLatency(seconds.Length, At(0.5), At(0.95));

        double At(double share) => Math.Round(seconds[(int)Math.Ceiling(share * seconds.Length) - 1], 6);
    }
}
