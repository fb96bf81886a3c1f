namespace ActorEmbed.Tests.Shared.Hub;

/// <summary>The faults that are still to happen, for each file in order.</summary>
internal sealed class HubScript
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, List<(HubFault Fault, int Times)>> _faults = new(StringComparer.Ordinal);

    public void Add(string file, HubFault fault, int times)
    {
        lock (_lock)
        {
            if (!_faults.TryGetValue(file, out var faults))
                _faults[file] = faults = [];
            faults.Add((fault, times));
        }
    }

    /// <summary>Takes the next fault of a file, if it is one of those that happen here.</summary>
    public HubFault? Next(string file, Func<HubFault, bool> happensHere)
    {
        lock (_lock)
        {
            if (!_faults.TryGetValue(file, out var faults) || faults.Count == 0 || !happensHere(faults[0].Fault))
                return null;
            var (fault, times) = faults[0];
            if (times == 1)
                faults.RemoveAt(0);
            else
                faults[0] = (fault, times - 1);
            return fault;
        }
    }
}
