using Microsoft.Win32.SafeHandles;

namespace ActorEmbed.Inference.Files;

/// <summary>
/// Reads the files of a model directory, which may come from anywhere: a name may stand for a device or a pipe, which
/// give bytes for ever or never, and a configuration of gigabytes is none.
/// </summary>
internal static class ModelFile
{
    /// <summary>What says which architecture a model, or a module of it, has.</summary>
    public const string Configuration = "config.json";

    /// <summary>More than any configuration: the largest tokenizer.json of a common model has 35 MB.</summary>
    public const int MaxConfigurationBytes = 100_000_000;

    /// <summary>Opens a file for reading, links followed.</summary>
    /// <exception cref="IOException">It is missing or no file that has an end.</exception>
    /// <exception cref="UnauthorizedAccessException">It must not be read.</exception>
    public static SafeFileHandle Open(string path, FileOptions options = FileOptions.None)
    {
        RefuseSpecial(path);
        return File.OpenHandle(path, options: options);
    }

    /// <summary>Refuses what would be no file when it is opened: opening a pipe can wait for ever.</summary>
    /// <exception cref="IOException">It is a directory, device, pipe or socket.</exception>
    public static void RefuseSpecial(string path)
    {
        if (FileStatus.Of(path) is { IsRegularFile: false })
            throw new IOException($"{path} is no regular file.");
    }

    /// <summary>Reads a small file whole.</summary>
    /// <param name="path">The file.</param>
    /// <param name="maxBytes">Above this it cannot be what it should be.</param>
    /// <exception cref="IOException">It is missing, too large, or no file that has an end.</exception>
    /// <exception cref="UnauthorizedAccessException">It must not be read.</exception>
    public static byte[] ReadAllBytes(string path, int maxBytes = MaxConfigurationBytes)
    {
        using var file = Open(path);
        var length = RandomAccess.GetLength(file);
        if (length > maxBytes)
            throw new IOException($"{path} has {length} bytes, more than the {maxBytes} that such a file can have.");
        var bytes = new byte[length];
        var read = 0;
        for (int more; read < bytes.Length && (more = RandomAccess.Read(file, bytes.AsSpan(read), read)) > 0; read += more)
        {
        }

        return read == bytes.Length ? bytes : bytes[..read];
    }

    /// <summary>The lines of a small text file.</summary>
    /// <inheritdoc cref="ReadAllBytes" />
    public static IEnumerable<string> ReadLines(string path)
    {
        using var reader = new StreamReader(new MemoryStream(ReadAllBytes(path)));
        while (reader.ReadLine() is { } line)
            yield return line;
    }
}
