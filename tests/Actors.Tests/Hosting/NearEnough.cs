namespace ActorEmbed.Actors.Tests.Hosting;

/// <summary>Takes components for equal that differ in the last digits of a float.</summary>
internal sealed class NearEnough : IEqualityComparer<float>
{
    private const float Tolerance = 1e-6f;

    public bool Equals(float x, float y) => Math.Abs(x - y) <= Tolerance;

    public int GetHashCode(float value) => 0;
}
