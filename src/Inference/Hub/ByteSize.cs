using System.Globalization;

namespace ActorEmbed.Inference.Hub;

/// <summary>Numbers of bytes for people, in powers of 1000 as the hub shows them.</summary>
public static class ByteSize
{
    private static readonly string[] Units = ["B", "kB", "MB", "GB", "TB", "PB"];

    /// <summary>Three digits at most, such as <c>1.11 GB</c>.</summary>
    public static string Format(double bytes)
    {
        var unit = 0;
        // 999.5 would be written as 1000.
        for (; bytes >= 999.5 && unit < Units.Length - 1; unit++)
            bytes /= 1000;
        var digits = unit == 0 || bytes >= 99.95 ? "0" : bytes >= 9.995 ? "0.0" : "0.00";
        return bytes.ToString(digits, CultureInfo.InvariantCulture) + " " + Units[unit];
    }
}
