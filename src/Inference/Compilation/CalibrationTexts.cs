namespace ActorEmbed.Inference.Compilation;

/// <summary>
/// Texts in many scripts, languages and lengths, written for this project, that show what values an encoder's
/// activations take.
/// </summary>
internal static class CalibrationTexts
{
    private const string Resource = "calibration-texts.txt";

    public static IReadOnlyList<string> Read()
    {
        using var stream = typeof(CalibrationTexts).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"The resource {Resource} is not in the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
