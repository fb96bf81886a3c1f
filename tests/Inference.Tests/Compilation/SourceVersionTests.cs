using ActorEmbed.Inference.Compilation.Cache;
using ActorEmbed.Inference.Files;
using Microsoft.Extensions.Time.Testing;

namespace ActorEmbed.Inference.Tests.Compilation;

public sealed class SourceVersionTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("actorembed-");

    // A file that was just written is not settled yet; for this clock that was long ago.
    private readonly FakeTimeProvider _later = new(DateTimeOffset.UtcNow.AddHours(1));

    private string FilePath => Path.Combine(_directory.FullName, "model.safetensors");

    private string Root => Path.Combine(_directory.FullName, "cache");

    public void Dispose() => _directory.Delete(recursive: true);

    [LinuxFact]
    public void A_file_that_was_left_alone_is_read_once()
    {
        File.WriteAllText(FilePath, "weights");
        Read();
        var note = Directory.GetFiles(Root).Single();
        File.WriteAllText(note, File.ReadAllText(note).Replace(FileChecksum.Compute(FilePath), "as noted", StringComparison.Ordinal));

        Assert.Equal("as noted", Read());
    }

    [LinuxFact]
    public void Other_bytes_of_the_same_length_under_the_same_date_are_another_version()
    {
        var date = new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        File.WriteAllText(FilePath, "weights of one");
        File.SetLastWriteTimeUtc(FilePath, date);
        var one = Read();
        Assert.Single(Directory.GetFiles(Root));

        using (var stream = new FileStream(FilePath, FileMode.Open, FileAccess.Write))
            stream.Write("weights of two"u8);
        File.SetLastWriteTimeUtc(FilePath, date);

        Assert.NotEqual(one, Read());
    }

    [Fact]
    public void A_file_that_was_just_written_is_not_trusted_to_a_note()
    {
        File.WriteAllText(FilePath, "weights");

        Assert.Equal(FileChecksum.Compute(FilePath), SourceVersion.Read(FilePath, [Root]).Checksum);

        Assert.False(Directory.Exists(Root) && Directory.GetFiles(Root).Length > 0);
    }

    [LinuxFact]
    public void Halves_of_notes_are_removed()
    {
        File.WriteAllText(FilePath, "weights");
        Directory.CreateDirectory(Root);
        var half = Path.Combine(Root, "source-0123.txt.abc.tmp");
        File.WriteAllText(half, "");
        File.SetLastWriteTimeUtc(half, DateTime.UtcNow.AddDays(-1));

        Read();

        Assert.False(File.Exists(half));
    }

    private string Read() => SourceVersion.Read(FilePath, [Root], _later).Checksum;
}
