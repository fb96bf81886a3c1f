using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using ActorEmbed.Actors.Clustering;
using ActorEmbed.Actors.Scheduling;
using ActorEmbed.Api.Configuration;
using ActorEmbed.Inference;

namespace ActorEmbed.Api;

/// <summary>
/// What the server is told at its start. Each value is declared here and nowhere else: default, range, unit, reason.
/// docs/server.md says how the command line, the environment and appsettings.json set them.
/// </summary>
internal sealed class ServerOptions
{
    /// <summary>TCP port. Default 8421, the old sidecar's; 0 lets the system choose.</summary>
    [Range(0, 65535)]
    public int Port { get; set; } = 8421;

    /// <summary>
    /// Where to listen. Default <c>localhost</c>, both loopback addresses: texts are private, and a server that nobody
    /// asked to be reachable should not be. An IP address, or <c>*</c> for all of them.
    /// </summary>
    public string Address { get; set; } = ListenAddress.Localhost;

    /// <summary>Path of a Unix domain socket to listen on instead of TCP; null for TCP.</summary>
    public string? Socket { get; set; }

    /// <summary>
    /// Directory of the model, or its name on the hub; null takes the default model if it is on the disk, otherwise the
    /// embedded one.
    /// </summary>
    public string? Model { get; set; }

    /// <summary>
    /// The models to serve, where they are several: the first is that of requests which name none. Each is a directory or a
    /// name on the hub, or an object with that as <c>Model</c>, and with <c>Name</c>, <c>Precision</c>, <c>Revision</c>,
    /// <c>Variant</c> and <c>Pooling</c> of its own. Default none: one model, as <see cref="Model"/> says.
    /// </summary>
    public IReadOnlyList<ModelEntry> Models { get; set; } = [];

    /// <summary>Branch, tag or full commit of a model of the hub; null takes <c>main</c>.</summary>
    public string? Revision { get; set; }

    /// <summary>
    /// The X of <c>onnx/model_X.onnx</c>, a graph of the model's repository to run instead of what is best here; null for
    /// that.
    /// </summary>
    public string? Variant { get; set; }

    /// <summary>
    /// How token vectors are pooled, whatever the model's repository says; null for what it says, and for the mean where it
    /// says nothing.
    /// </summary>
    public PoolingMode? Pooling { get; set; }

    /// <summary>
    /// Largest request body in bytes. Default 32 MB, range 1 KB to 1 GB. 10,000 texts of 3,200 bytes, about the most
    /// that a model of 512 tokens takes notice of.
    /// </summary>
    [Range(1_000L, 1_000_000_000L)]
    public long MaxBodyBytes { get; set; } = 32_000_000;

    /// <summary>
    /// Most bytes of bodies that are being read at the same time. Default 128 MB, range 1 KB to 64 GB; not less than
    /// <see cref="MaxBodyBytes"/>. Four of the largest bodies: the queue holds as much.
    /// </summary>
    [Range(1_000L, 64_000_000_000L)]
    public long MaxBodyBytesInTotal { get; set; } = 128_000_000;

    /// <summary>Most texts of one request. Default 10,000, range 1 to 1,000,000. Two minutes at the old sidecar's speed.</summary>
    [Range(1, 1_000_000)]
    public int MaxTexts { get; set; } = 10_000;

    /// <summary>
    /// Most characters (UTF-16 units) of one text. Default 32,000,000, range 1 to 1,000,000,000. What the largest body can
    /// hold: a long text is cut to what the model takes and costs no more than that, so nothing but the body limits it.
    /// </summary>
    [Range(1, 1_000_000_000)]
    public int MaxTextCharacters { get; set; } = 32_000_000;

    /// <summary>
    /// Most characters (UTF-16 units) of all texts of one <c>/tokenize</c>, or ids of one <c>/decode</c>. Default 2,000,000, range 1
    /// to 1,000,000,000: two thick books. Nothing is cut there: every token is kept with its place, which takes some 60 bytes a
    /// character for a moment.
    /// </summary>
    [Range(1, 1_000_000_000)]
    public int MaxTokenizeCharacters { get; set; } = 2_000_000;

    /// <summary>
    /// Most connections at the same time. Default 1,000, range 1 to 100,000. Under the 1,024 files that many systems
    /// grant a process, and far over what two cores can serve.
    /// </summary>
    [Range(1, 100_000)]
    public int MaxConnections { get; set; } = 1_000;

    /// <summary>
    /// Largest sum of the header lines of a request, in bytes. Default 16 KB, range 1 KB to 1 MB. Cookies that a browser
    /// adds to every request to localhost reach a few KB.
    /// </summary>
    [Range(1_000, 1_000_000)]
    public int MaxHeaderBytes { get; set; } = 16_000;

    /// <summary>
    /// Time in which the headers of a request must have arrived. Default 10 s, range 1 s to 10 minutes. A slow line
    /// needs less than one; who needs more keeps connections from others.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan HeaderTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Least rate at which a body must arrive, in bytes a second, after 5 s of grace. Default 240, Kestrel's own, range
    /// 1 to 1,000,000: slower than any modem, faster than a client that only wants to hold on to memory.
    /// </summary>
    [Range(1, 1_000_000)]
    public int MinBodyBytesPerSecond { get; set; } = 240;

    /// <summary>
    /// Time in which a body must have arrived, however fast it began. Default 5 minutes, range 1 s to 1 day: enough for the
    /// largest body at a megabit a second, and an end for a client that sends nearly all of one and then drips.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan BodyTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Threads that inference uses. Default: one for each core. Range 1 to 1,024.</summary>
    [Range(1, 1024)]
    public int Threads { get; set; } = Environment.ProcessorCount;

    /// <summary>
    /// Whether a request that names another model than the loaded one is refused. Default false: an app that moves here
    /// changes its URL and nothing else.
    /// </summary>
    public bool RequireModelName { get; set; }

    /// <summary>
    /// Where models run. Default <c>auto</c>: on cuda where that can be had and gives the processor's vectors, otherwise on the
    /// processor, and the log says why. One that is named and cannot be had keeps the server from starting.
    /// </summary>
    public DeviceChoice Device { get; set; }

    /// <summary>
    /// Numbers of the dense products of a model that is compiled. Default null: <c>fp32</c>, exact, on the processor, and
    /// <c>fp16</c> on cuda. What <c>int8</c> costs, which runs on the processor only, depends on the model and the texts:
    /// measure it before choosing it.
    /// </summary>
    public Precision? Precision { get; set; }

    /// <summary>
    /// Directory that compiled models are kept in. Default: beside the model, or in the user's cache where the model lies
    /// in an application's own folder, which must not change once it is signed.
    /// </summary>
    public string? CompiledModelDirectory { get; set; }

    /// <summary>
    /// When set, every route but health wants it as a bearer token. Never from the command line, which other users of
    /// the machine can read, and never shown.
    /// </summary>
    [JsonIgnore]
    public string? ApiKey { get; set; }

    /// <summary>
    /// Host names that a request may name beside the loopback ones and the address it came in on. <c>*.example.com</c>
    /// for all below, <c>*</c> for any.
    /// </summary>
    public IReadOnlyList<string> AllowedHosts { get; set; } = [];

    /// <summary>Origins, such as <c>https://app.example.com</c>, whose web pages may call; <c>*</c> for any. None by default.</summary>
    public IReadOnlyList<string> CorsOrigins { get; set; } = [];

    /// <summary>
    /// Whether callers may have models pulled (<c>/api/pull</c>). Off by default: who may call can fill the disk with it.
    /// </summary>
    public bool AllowPull { get; set; }

    /// <summary>Whether browsers get the plain answer at <c>/</c> instead of a page. Off by default: the page tells no more than the routes do.</summary>
    public bool NoPage { get; set; }

    /// <summary>Whether each request is logged: method, route, status, duration, sizes. Off by default.</summary>
    public bool AccessLog { get; set; }

    /// <summary>
    /// Time that accepted requests have to finish when the server is told to stop. Default 30 s, range 0 to 1 hour: the
    /// old client waits no longer for an answer.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether the server stops when its standard input is closed or its parent process has ended.</summary>
    public bool ExitWithParent { get; set; }

    /// <summary>The process to end with, where it is not the direct parent. Range 1 to 2,147,483,647.</summary>
    [Range(1, int.MaxValue)]
    public int? ParentPid { get; set; }

    /// <summary>
    /// Time from a failure for good to the exit of the process. Default 3 s, range 0 to 10 minutes: a parent that polls
    /// /health every second or two sees the reason.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan FailureExitDelay { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>How requests are queued and batched.</summary>
    public SchedulingOptions Scheduling { get; set; } = new();

    /// <summary>How this node takes part in a cluster; null, when none of its settings is given: it is alone.</summary>
    public ClusterOptions? Cluster { get; set; }

    /// <summary>Whether this process runs a model: in a cluster, routers need not.</summary>
    internal bool HasModel => Cluster is not { Roles: ClusterRoles.Router };

    /// <summary>Whether this process takes requests: in a cluster, inference nodes need not.</summary>
    internal bool HasHttp => Cluster is not { Roles: ClusterRoles.Inference };

    /// <summary>What a pull may take in addition to the load, of which it is a part; it has time-outs of its own.</summary>
    internal TimeSpan PullTime { get; set; }

    /// <summary>The settings of the queue as the actors need them.</summary>
    internal SchedulingOptions ToSchedulingOptions()
    {
        var options = new SchedulingOptions();
        foreach (var property in typeof(SchedulingOptions).GetProperties())
            property.SetValue(options, property.GetValue(Scheduling));
        options.LoadTimeout += PullTime;
        return options;
    }

    /// <summary>What is served: at least one.</summary>
    internal IReadOnlyList<ModelEntry> ServedModels => Models.Count > 0
        ? Models
        : [new ModelEntry { Model = Model, Revision = Revision, Variant = Variant, Pooling = Pooling }];

    /// <summary>How the first model is run.</summary>
    internal ModelOptions ToModelOptions() => ToModelOptions(ServedModels[0]);

    /// <summary>How a model is run. Nodes of a cluster compare their models before they work together.</summary>
    internal ModelOptions ToModelOptions(ModelEntry model) => new()
    {
        Threads = Threads,
        Device = Device,
        Precision = model.Precision ?? Precision,
        CompiledModelDirectory = CompiledModelDirectory,
        Variant = model.Variant,
        Pooling = model.Pooling,
        ComputeFingerprint = Cluster is not null,
    };

    /// <exception cref="ValidationException">At least one setting is wrong; the message names each.</exception>
    public void Validate()
    {
        var problems = ServerOptionsValidation.ProblemsOf(this);
        if (problems.Count > 0)
            throw new ValidationException(string.Join(" ", problems.Select(problem => problem.ErrorMessage)));
    }
}
