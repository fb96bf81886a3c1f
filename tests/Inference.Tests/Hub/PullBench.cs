using System.Collections.Concurrent;
using ActorEmbed.Inference.Hub;
using ActorEmbed.Tests.Shared.Hub;

namespace ActorEmbed.Inference.Tests.Hub;

/// <summary>A hub, an empty cache, and a client whose waits are written down instead of waited.</summary>
internal sealed class PullBench : IAsyncDisposable, IProgress<PullProgress>
{
    public const string WeightsFile = "model.safetensors";
    public const string Config = "config.json";

    private readonly ConcurrentQueue<PullProgress> _progress = new();

    private PullBench(MisbehavingHub hub)
    {
        Hub = hub;
        Options = new HubOptions
        {
            Endpoint = hub.Endpoint,
            CacheDirectory = Directory.CreateTempSubdirectory("actorembed-hub-").FullName,
            FreeSpaceMarginBytes = 0,
        };
    }

    public MisbehavingHub Hub { get; }

    public HubOptions Options { get; set; }

    public ImpatientClock? Clock { get; private set; }

    public IReadOnlyList<PullProgress> Progress => [.. _progress];

    public IEnumerable<string> Notes => _progress.Select(progress => progress.Note).OfType<string>();

    public ModelReference Model => ModelReference.Parse(Hub.Repository.Id);

    public string ModelDirectory =>
        Path.Combine(Options.CacheDirectory, "models--" + Hub.Repository.Id.Replace("/", "--", StringComparison.Ordinal));

    public string Snapshot => Path.Combine(ModelDirectory, "snapshots", Hub.Repository.Commit);

    public string Blob(string path) => Path.Combine(ModelDirectory, "blobs", Hub.Repository.BlobName(path));

    public string Partial(string path) => Blob(path) + ".incomplete";

    public static async Task<PullBench> StartAsync(HubRepository? repository = null) =>
        new(await MisbehavingHub.StartAsync(repository ?? HubRepository.TinyModel()));

    /// <summary>Pulls with a client of its own, as a process would.</summary>
    public async Task<string> PullAsync(ModelReference? model = null, CancellationToken cancellation = default)
    {
        Clock = new ImpatientClock(Options.StallTimeout);
        using var hub = new ModelHub(Options, time: Clock);
        return await hub.PullAsync(model ?? Model, this, cancellation);
    }

    public async Task<ModelPullException> FailToPullAsync(ModelReference? model = null)
    {
        var failure = await Assert.ThrowsAsync<ModelPullException>(() => PullAsync(model));
        Assert.DoesNotContain('\n', failure.Message);
        Assert.EndsWith(".", failure.Message, StringComparison.Ordinal);
        return failure;
    }

    public string? Find(ModelReference? model = null)
    {
        using var hub = new ModelHub(Options);
        return hub.Find(model ?? Model);
    }

    /// <summary>Leaves behind what a pull leaves that was killed.</summary>
    public void LeavePartial(string path, ReadOnlySpan<byte> bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Partial(path))!);
        File.WriteAllBytes(Partial(path), bytes);
    }

    public void AssertWhole(string path) =>
        Assert.Equal(Hub.Repository[path], File.ReadAllBytes(Path.Combine(Snapshot, path)));

    /// <summary>Nothing that looks like a model, or like a finished file, is there.</summary>
    public void AssertNoModel()
    {
        Assert.Null(Find());
        Assert.False(File.Exists(Blob(WeightsFile)));
    }

    void IProgress<PullProgress>.Report(PullProgress value) => _progress.Enqueue(value);

    public async ValueTask DisposeAsync()
    {
        await Hub.DisposeAsync();
        Directory.Delete(Options.CacheDirectory, recursive: true);
    }
}
