using ActorEmbed.Actors.Clustering;
using ActorEmbed.Actors.Scheduling;

namespace ActorEmbed.Api.CommandLine;

/// <summary>
/// The settings that have an option; the others are for the environment and appsettings.json. No defaults and no ranges
/// here: the settings know them.
/// </summary>
internal static class ServerSettingOptions
{
    private const string Scheduling = nameof(ServerOptions.Scheduling) + ":";

    private const string Cluster = nameof(ServerOptions.Cluster) + ":";

    public static SettingOption Model { get; } = new(
        "--model", nameof(ServerOptions.Model), "DIR|NAME",
        "A directory in the layout of a sentence-transformers repository, or a model of the Hugging Face hub (owner/name, or the short name " +
        "of a sentence-transformers model), pulled when it is not on the disk. Without it: paraphrase-multilingual-mpnet-base-v2 if it is on " +
        "the disk, otherwise the embedded starter model. May be repeated: the first is that of requests which name none.");

    public static SettingOption Revision { get; } = new(
        "--revision", nameof(ServerOptions.Revision), "REV", "Branch, tag or full commit of a model of the hub.");

    public static SettingOption Variant { get; } = new(
        "--variant", nameof(ServerOptions.Variant), "X", "The X of onnx/model_X.onnx of the model's repository, instead of what is best here.");

    public static SettingOption Pooling { get; } = new(
        "--pooling", nameof(ServerOptions.Pooling), "mean|cls|max|lasttoken|weightedmean|meansqrtlen",
        "How token vectors become the vector of a text, whatever the model's repository says: for repositories that say nothing (a warning tells).");

    public static SettingOption Threads { get; } = new("--threads", nameof(ServerOptions.Threads), "N", "Threads that inference uses.");

    public static SettingOption Device { get; } = new(
        "--device", nameof(ServerOptions.Device), "auto|cpu|cuda|mps",
        "Where models run. auto takes cuda where it can be had, otherwise the processor, and the log says why; a device that is named and cannot be had is an error.");

    public static SettingOption Precision { get; } = new(
        "--precision", nameof(ServerOptions.Precision), "fp32|int8|fp16",
        "Numbers of a compiled model: fp32 is exact; int8 (on the processor only) is faster and smaller with slightly other vectors (see 'actorembed compare'). Without it: fp32 on the processor, fp16 on cuda.");

    public static SettingOption CompiledModelDirectory { get; } = new(
        "--compiled-model-directory", nameof(ServerOptions.CompiledModelDirectory), "DIR",
        "Where compiled models are kept. Without it: beside the model, or in the user's cache where that may not be written or belongs to an application.");

    /// <summary>Which model is run, and how; wherever one is run.</summary>
    public static IReadOnlyList<SettingOption> OfTheModel { get; } = [Model, Revision, Variant, Pooling, Threads];

    /// <summary>In the order of the help.</summary>
    public static IReadOnlyList<SettingOption> All { get; } =
    [
        Model,
        Revision,
        Variant,
        Pooling,
        new("--port", nameof(ServerOptions.Port), "N", "TCP port; 0 lets the system choose, the ready line names it."),
        new("--address", nameof(ServerOptions.Address), "ADDRESS", "Where to listen: localhost (IPv4 and IPv6), an IP address, or * for every address."),
        new("--socket", nameof(ServerOptions.Socket), "PATH", "Listen on a Unix domain socket instead of TCP."),
        Threads,
        Device,
        Precision,
        CompiledModelDirectory,
        new("--allowed-host", nameof(ServerOptions.AllowedHosts), "HOST", "A further host name by which clients reach this server; *.example.com for all below, * for any."),
        new("--cors-origin", nameof(ServerOptions.CorsOrigins), "ORIGIN", "Origin whose web pages may call, such as https://app.example.com; * for any."),
        new("--max-body-bytes", nameof(ServerOptions.MaxBodyBytes), "BYTES", "Largest request body."),
        new("--max-texts", nameof(ServerOptions.MaxTexts), "N", "Most texts of one request."),
        new("--max-text-characters", nameof(ServerOptions.MaxTextCharacters), "N", "Most characters of one text."),
        new("--max-connections", nameof(ServerOptions.MaxConnections), "N", "Most connections at the same time."),
        new("--require-model-name", nameof(ServerOptions.RequireModelName), null, "Refuse a request that names another model than the loaded one; by default any name will do."),
        new("--request-timeout", Scheduling + nameof(SchedulingOptions.RequestTimeout), "SECONDS", "After this, a request that could not be served is answered with 504."),
        new("--unload-after", Scheduling + nameof(SchedulingOptions.UnloadAfter), "SECONDS", "After this, a model that nobody has asked for is closed and its memory given back; the next request opens it again. Off without it."),
        new("--drain-timeout", nameof(ServerOptions.DrainTimeout), "SECONDS", "Time that accepted requests have to finish when the server is told to stop."),
        new("--exit-with-parent", nameof(ServerOptions.ExitWithParent), null, "Stop when standard input is closed or the parent process has ended."),
        new("--parent-pid", nameof(ServerOptions.ParentPid), "PID", "Stop when this process has ended."),
        new("--allow-pull", nameof(ServerOptions.AllowPull), null, "Let callers have models pulled from the hub onto the disk (Ollama's /api/pull)."),
        new("--no-page", nameof(ServerOptions.NoPage), null, "No page for browsers at the root of this server."),
        new("--access-log", nameof(ServerOptions.AccessLog), null, "Log each request: method, route, status, duration, sizes; never texts."),
        new("--role", Cluster + nameof(ClusterOptions.Roles), "router|inference|all", "Makes this server a node of a cluster, as every option of a cluster does: a router takes requests, an inference node owns a model and works for the routers."),
        new("--seed-node", Cluster + nameof(ClusterOptions.SeedNodes), "HOST:PORT", "A node of the cluster to join; the first one, started alone, founds the cluster."),
        new("--cluster-port", Cluster + nameof(ClusterOptions.Port), "N", "TCP port of the cluster; 0 lets the system choose."),
        new("--advertise", Cluster + nameof(ClusterOptions.Advertise), "HOST", "Host name or address by which the other nodes reach this one."),
        new("--expect-model", Cluster + nameof(ClusterOptions.ExpectedModel), "NAME|SHA256", "The model that a router serves: nodes with another one are refused, also when they are the first. By default the first node decides."),
    ];
}
