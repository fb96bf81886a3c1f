namespace ActorEmbed.Inference.Tests.Compilation;

/// <summary>The files of a directory in a temporary place, so that nothing is written beside the test data.</summary>
internal sealed class TemporaryCopy : IDisposable
{
    private readonly DirectoryInfo _copy = Directory.CreateTempSubdirectory("actorembed-");

    public TemporaryCopy(string directory)
    {
        foreach (var file in Directory.GetFiles(directory, "*", SearchOption.AllDirectories))
        {
            var name = System.IO.Path.GetRelativePath(directory, file);
            // What another test has compiled there.
            if (name.StartsWith('.'))
                continue;
            var target = System.IO.Path.Combine(Path, name);
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    public string Path => _copy.FullName;

    public void Dispose() => _copy.Delete(recursive: true);
}
