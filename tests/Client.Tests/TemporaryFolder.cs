namespace ActorEmbed.Client.Tests;

/// <summary>Files that go with the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("actorembed-tests-");

    public string Root => _root.FullName;

    public string Path(string name) => System.IO.Path.Combine(Root, name);

    /// <summary>The path of a new file.</summary>
    public string Write(string name, string text = "")
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path(name))!);
        File.WriteAllText(Path(name), text);
        return Path(name);
    }

    public void Dispose() => _root.Delete(recursive: true);
}
