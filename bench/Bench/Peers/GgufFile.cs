using System.Text;

namespace ActorEmbed.Bench.Peers;

/// <summary>Writes a GGUF file, version 3: metadata, the list of tensors, then their numbers, each aligned.</summary>
internal sealed class GgufFile : IDisposable
{
    private const uint Magic = 0x46554747;
    private const uint Version = 3;

    // The format's default.
    private const int Alignment = 32;

    private readonly BinaryWriter _file;
    private readonly MemoryStream _metadata = new();
    private readonly BinaryWriter _entries;
    private readonly List<(string Name, long[] Shape, GgufType Type, Action<BinaryWriter> Write)> _tensors = [];
    private ulong _entryCount;

    public GgufFile(string path)
    {
        _file = new BinaryWriter(new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20));
        _entries = new BinaryWriter(_metadata);
    }

    // Numbers of the types of metadata, as the format gives them.
    private enum EntryType : uint
    {
        UInt32 = 4, Int32 = 5, Float32 = 6, Bool = 7, String = 8, Array = 9,
    }

    public void Entry(string key, uint value) => Entry(key, EntryType.UInt32, writer => writer.Write(value));

    public void Entry(string key, float value) => Entry(key, EntryType.Float32, writer => writer.Write(value));

    public void Entry(string key, bool value) => Entry(key, EntryType.Bool, writer => writer.Write(value));

    public void Entry(string key, string value) => Entry(key, EntryType.String, writer => WriteText(writer, value));

    public void Entry(string key, IReadOnlyCollection<string> values) => Array(key, EntryType.String, values, WriteText);

    public void Entry(string key, IReadOnlyCollection<float> values) => Array(key, EntryType.Float32, values, (writer, value) => writer.Write(value));

    public void Entry(string key, IReadOnlyCollection<int> values) => Array(key, EntryType.Int32, values, (writer, value) => writer.Write(value));

    /// <param name="name">As llama.cpp calls it.</param>
    /// <param name="shape">Sizes, slowest first.</param>
    /// <param name="type">What the numbers are written as.</param>
    /// <param name="read">Gives the numbers when they are written.</param>
    public void Tensor(string name, long[] shape, GgufType type, Func<float[]> read) =>
        _tensors.Add((name, shape, type, writer => GgufNumbers.Write(writer, type, read())));

    public void Save()
    {
        _file.Write(Magic);
        _file.Write(Version);
        _file.Write((ulong)_tensors.Count);
        _file.Write(_entryCount);
        _file.Write(_metadata.GetBuffer().AsSpan(0, (int)_metadata.Length));
        var offset = 0L;
        foreach (var (name, shape, type, _) in _tensors)
        {
            WriteText(_file, name);
            _file.Write((uint)shape.Length);
            // Fastest first, the other way round than everywhere else.
            foreach (var size in shape.Reverse())
                _file.Write((ulong)size);
            _file.Write((uint)type);
            _file.Write((ulong)offset);
            offset = Align(offset + GgufNumbers.Bytes(type, shape));
        }

        foreach (var (_, _, _, write) in _tensors)
        {
            Pad();
            write(_file);
        }

        Pad();
    }

    public void Dispose()
    {
        _file.Dispose();
        _entries.Dispose();
    }

    private static long Align(long position) => (position + Alignment - 1) / Alignment * Alignment;

    private static void WriteText(BinaryWriter writer, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        writer.Write((ulong)bytes.Length);
        writer.Write(bytes);
    }

    private void Entry(string key, EntryType type, Action<BinaryWriter> write)
    {
        WriteText(_entries, key);
        _entries.Write((uint)type);
        write(_entries);
        _entryCount++;
    }

    private void Array<T>(string key, EntryType type, IReadOnlyCollection<T> values, Action<BinaryWriter, T> write) =>
        Entry(key, EntryType.Array, writer =>
        {
            writer.Write((uint)type);
            writer.Write((ulong)values.Count);
            foreach (var value in values)
                write(writer, value);
        });

    private void Pad()
    {
        _file.Flush();
        var position = _file.BaseStream.Position;
        _file.Write(new byte[Align(position) - position]);
    }
}
