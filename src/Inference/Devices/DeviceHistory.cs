using System.Collections.Concurrent;

namespace ActorEmbed.Inference.Devices;

/// <summary>What became of the devices of this process so far.</summary>
internal sealed class DeviceHistory
{
    private readonly ConcurrentDictionary<Device, bool> _served = [];
    private readonly ConcurrentDictionary<string, bool> _told = new(StringComparer.Ordinal);

    /// <summary>A model was opened there.</summary>
    public void MarkServed(Device device) => _served[device] = true;

    /// <summary>Whether one was: if the device cannot be had now, it was lost, and may come back.</summary>
    public bool HasServed(Device device) => _served.ContainsKey(device);

    /// <summary>Whether this is said for the first time: restarts and further models have nothing new to say.</summary>
    public bool IsNews(string line) => _told.TryAdd(line, true);
}
