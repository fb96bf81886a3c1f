using System.Globalization;

namespace ActorEmbed.Inference.Hub;

/// <summary>A line such as <c>model.safetensors [#####-----] 50 % 555 MB / 1.11 GB</c>, as wide as there is room.</summary>
public static class ProgressBar
{
    /// <summary>A narrower bar tells less than its percentage.</summary>
    private const int MinCells = 10;

    /// <summary>A wider bar tells no more.</summary>
    private const int MaxCells = 40;

    /// <param name="name">What is being fetched; left out first when the room is short.</param>
    /// <param name="done">Of <paramref name="total"/>.</param>
    /// <param name="total">More than 0.</param>
    /// <param name="details">Written behind the bar; cut at the end when even that has no room.</param>
    /// <param name="columns">The line is never longer.</param>
    public static string Format(string name, long done, long total, string details, int columns)
    {
        var fraction = Math.Clamp((double)done / total, 0, 1);
        // Rounded down, so that 100 % means that nothing is left.
        var tail = string.Create(CultureInfo.InvariantCulture, $"{(int)(fraction * 100),3} % {details}");
        var label = name.Length > 0 ? name + " " : "";
        if (columns < label.Length + Bar(0, MinCells).Length + 1 + tail.Length)
            label = "";
        var room = columns - label.Length - tail.Length - 3;
        var line = room >= MinCells ? label + Bar(fraction, Math.Min(room, MaxCells)) + " " + tail : tail;
        return line.Length <= columns ? line : line[..Math.Max(0, columns)];
    }

    private static string Bar(double fraction, int cells)
    {
        var filled = (int)(fraction * cells);
        return "[" + new string('#', filled) + new string('-', cells - filled) + "]";
    }
}
