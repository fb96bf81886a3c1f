using System.CommandLine;
using ActorEmbed.Actors.Clustering;

namespace ActorEmbed.Api.CommandLine;

/// <summary>The options of a node in a cluster; without any of them the server is alone.</summary>
internal static class ClusterCommandLine
{
    /// <summary>Names the variable with the shared secret: what is on a command line, every user of a machine can read.</summary>
    public const string SecretVariable = "ACTOREMBED_CLUSTER_SECRET";

    private static readonly ClusterOptions Defaults = new();

    private static readonly Option<ClusterRoles> Role = new("--role")
    {
        Description = "router: takes requests; inference: owns a model and works for the routers; all: both. Makes this server a node of a cluster.",
        DefaultValueFactory = _ => Defaults.Roles,
    };

    private static readonly Option<string[]> SeedNode = new("--seed-node")
    {
        Description = "A node of the cluster to join; may be repeated. The first one, started alone, founds the cluster.",
        HelpName = "HOST:PORT",
    };

    private static readonly Option<int> Port = new("--cluster-port")
    {
        Description = "TCP port of the cluster; 0 lets the system choose.",
        DefaultValueFactory = _ => Defaults.Port,
    };

    private static readonly Option<string> Advertise = new("--advertise")
    {
        Description = "Host name or address by which the other nodes reach this one.",
        DefaultValueFactory = _ => Defaults.Advertise,
        HelpName = "HOST",
    };

    private static readonly Option[] All = [Role, SeedNode, Port, Advertise];

    public static void AddTo(Command command)
    {
        foreach (var option in All)
            command.Options.Add(option);
    }

    /// <summary>Null when no option of a cluster was given.</summary>
    public static ClusterOptions? Read(ParseResult arguments) => All.All(option => arguments.GetResult(option) is null or { Implicit: true })
        ? null
        : new ClusterOptions
        {
            Roles = arguments.GetValue(Role),
            SeedNodes = arguments.GetValue(SeedNode) ?? [],
            Port = arguments.GetValue(Port),
            Advertise = arguments.GetValue(Advertise)!,
            Secret = Environment.GetEnvironmentVariable(SecretVariable) is { Length: > 0 } secret ? secret : null,
        };
}
