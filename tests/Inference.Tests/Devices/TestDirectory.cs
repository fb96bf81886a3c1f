namespace ActorEmbed.Inference.Tests.Devices;

/// <summary>A directory that disappears with the test.</summary>
internal sealed class TestDirectory : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("actorembed-");

    private TestDirectory()
    {
    }

    public string Path => _directory.FullName;

    public static TestDirectory Create() => new();

    public void Dispose() => _directory.Delete(recursive: true);
}
