using System.Security.Cryptography;
using System.Text;
using ActorEmbed.Tests.Shared.Models;

namespace ActorEmbed.Tests.Shared.Hub;

/// <summary>A model as the hub holds it: one commit with its files.</summary>
public sealed class HubRepository
{
    /// <summary>What the hub's own .gitattributes put into large-file storage for such repositories.</summary>
    private static readonly string[] LargeFileSuffixes = [".safetensors", ".onnx", ".onnx_data", ".bpe.model", "tokenizer.json"];

    /// <summary>Tag of a block of bytes in field 13, which ONNX does not have in a model.</summary>
    private const byte UnknownField = 13 << 3 | 2;

    private readonly SortedDictionary<string, Entry> _files = new(StringComparer.Ordinal);

    public HubRepository(string id) => Id = id;

    public string Id { get; }

    public string Revision { get; set; } = "main";

    /// <summary>Depends on the files, as a commit does.</summary>
    public string Commit => Sha1(Encoding.UTF8.GetBytes(
        string.Join('\n', _files.Keys.Select(path => path + " " + BlobName(path)))));

    public IEnumerable<string> Paths => _files.Keys;

    /// <summary>A small but complete model, with weights in several formats and files that nobody needs.</summary>
    public static HubRepository TinyModel(string id = "sentence-transformers/xlmr-tiny")
    {
        var repository = new HubRepository(id);
        var root = Path.Combine(AppContext.BaseDirectory, "data", "xlmr-tiny");
        foreach (var path in TestModels.FilesOf(root))
            repository.Put(Path.GetRelativePath(root, path).Replace('\\', '/'), File.ReadAllBytes(path));
        // Unlike the graph that they are made from by a field that every reader skips.
        byte[] Variant(byte mark) => [.. repository["onnx/model.onnx"], UnknownField, 1, mark];
        return repository
            .Put("README.md", "# A model"u8.ToArray())
            .Put("pytorch_model.bin", new byte[64])
            .Put("onnx/model_O4.onnx", Variant(1))
            .Put("onnx/model_qint8_avx512_vnni.onnx", Variant(2));
    }

    public HubRepository Put(string path, byte[] content)
    {
        _files[path] = new Entry(content);
        return this;
    }

    public HubRepository Remove(string path)
    {
        _files.Remove(path);
        return this;
    }

    public byte[] this[string path] => _files[path].Content;

    public bool Has(string path) => _files.ContainsKey(path);

    /// <summary>The file's name among the blobs of a cache, which is also its ETag.</summary>
    public string BlobName(string path) => IsLarge(path) ? Sha256(path) : GitName(path);

    public static bool IsLarge(string path) =>
        LargeFileSuffixes.Any(suffix => path.EndsWith(suffix, StringComparison.Ordinal));

    public string Sha256(string path) => _files[path].Sha256.Value;

    public string GitName(string path) => _files[path].GitName.Value;

#pragma warning disable CA5350 // Git's choice.
    private static string Sha1(byte[] bytes) => Convert.ToHexStringLower(SHA1.HashData(bytes));
#pragma warning restore CA5350

    /// <summary>A file with its hashes, each computed once: they are asked for at every request.</summary>
    private sealed record Entry(byte[] Content)
    {
        public Lazy<string> Sha256 { get; } = new(() => Convert.ToHexStringLower(SHA256.HashData(Content)));

        public Lazy<string> GitName { get; } =
            new(() => Sha1([.. Encoding.ASCII.GetBytes($"blob {Content.Length}\0"), .. Content]));
    }
}
