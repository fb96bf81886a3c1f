using System.Diagnostics;
using System.Net.NetworkInformation;

namespace ActorEmbed.Api.Tests.Cluster;

/// <summary>
/// A small network of its own: a bridge in the test's namespace, and namespaces that hang on it by cables that can be
/// pulled. Needs the rights of root and iproute2.
/// </summary>
internal sealed class NetworkNamespaces : IDisposable
{
    // Each namespace has all ports to itself.
    private const int WorkerPort = 8422;

    // Short, because names of network devices have 15 characters at most; and unlike those of a run beside this one.
    private readonly string _name = $"ae{Environment.ProcessId % 100_000}";
    private readonly int _count;

    public NetworkNamespaces(int count)
    {
        _count = count;
        Ip($"link add {_name} type bridge");
        Ip($"addr add {RouterHost}/24 dev {_name}");
        Ip($"link set {_name} up");
        for (var i = 0; i < count; i++)
        {
            Ip($"netns add {NameOf(i)}");
            Ip($"link add {CableOf(i)} type veth peer name eth0 netns {NameOf(i)}");
            Ip($"link set {CableOf(i)} master {_name} up");
            Ip($"-n {NameOf(i)} addr add {HostOf(i)}/24 dev eth0");
            Ip($"-n {NameOf(i)} link set eth0 up");
            Ip($"-n {NameOf(i)} link set lo up");
        }
    }

    /// <summary>A range that is set aside for documentation, and that this machine does not use all the same.</summary>
    private static readonly string Range = new[] { "198.51.100", "203.0.113", "192.0.2" }.First(range => !NetworkInterface.GetAllNetworkInterfaces()
        .SelectMany(i => i.GetIPProperties().UnicastAddresses).Any(a => a.Address.ToString().StartsWith(range + ".", StringComparison.Ordinal)));

    public static string RouterHost => $"{Range}.1";

    /// <summary>Null, or why there can be none here.</summary>
    public static string? WhyNot { get; } = Probe();

    /// <summary>One for a worker in each namespace.</summary>
    public IReadOnlyList<ClusterUnderTest.WorkerPlace> Places =>
        [.. Enumerable.Range(0, _count).Select(i => new ClusterUnderTest.WorkerPlace(NameOf(i), HostOf(i), WorkerPort))];

    private string NameOf(int index) => $"{_name}w{index}";

    private static string HostOf(int index) => $"{Range}.{index + 10}";

    public void Pull(int index) => Ip($"link set {CableOf(index)} down");

    public void Plug(int index) => Ip($"link set {CableOf(index)} up");

    /// <summary>Cuts one off from the router alone; the others can still be reached.</summary>
    public void HideRouterFrom(int index) => Ip($"-n {NameOf(index)} route add blackhole {RouterHost}/32");

    public void ShowRouterTo(int index) => Ip($"-n {NameOf(index)} route del blackhole {RouterHost}/32");

    public void Dispose()
    {
        for (var i = 0; i < _count; i++)
        {
            // The cable first: a namespace that a process is still in lives on without its name, and keeps its end.
            TryIp($"link del {CableOf(i)}");
            TryIp($"netns del {NameOf(i)}");
        }

        TryIp($"link del {_name}");
    }

    private string CableOf(int index) => $"{_name}c{index}";

    private static string? Probe()
    {
        if (!OperatingSystem.IsLinux())
            return "Network namespaces are a feature of Linux.";
        var name = $"aeprobe{Environment.ProcessId}";
        var error = TryIp($"netns add {name}") ?? TryIp($"-n {name} link add aeprobe type veth peer name aeprobe2");
        TryIp($"netns del {name}");
        return error is null ? null : $"Network namespaces need root and iproute2: {error}";
    }

    private static void Ip(string arguments)
    {
        if (TryIp(arguments) is { } error)
            throw new InvalidOperationException($"ip {arguments}: {error}");
    }

    /// <summary>Null when it worked.</summary>
    private static string? TryIp(string arguments)
    {
        try
        {
            using var ip = Process.Start(new ProcessStartInfo("ip", arguments) { RedirectStandardError = true })!;
            var error = ip.StandardError.ReadToEnd();
            ip.WaitForExit();
            return ip.ExitCode == 0 ? null : error.Trim();
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return e.Message;
        }
    }
}
