namespace ActorEmbed.Inference.Devices;

/// <summary>Which device a model is to run on.</summary>
/// <param name="Device">That one.</param>
/// <param name="WhyNoOther">Why it is the processor although another would have been welcome; null where that is not so.</param>
internal sealed record DeviceSelection(Device Device, string? WhyNoOther = null)
{
    // Where nobody named one, the first of these that can be had.
    private static readonly Device[] Welcome = [Device.Cuda, Device.Mps];

    /// <summary>Whether nothing else than the device will do: the caller named it.</summary>
    public bool IsNamed { get; private init; }

    /// <summary>Whether <see cref="WhyNoOther"/> is news to one who asked for nothing: this build could have another device.</summary>
    public bool IsFallBack { get; init; }

    /// <summary>Whether it is taken only where it was compared with the processor on this machine, and was faster.</summary>
    public bool HasToBeProven => !IsNamed && !Device.IsTrusted();

    /// <param name="choice">What the caller wants.</param>
    /// <param name="precision">Of what numbers; null for those that suit the device.</param>
    /// <param name="runtime">What there is.</param>
    /// <exception cref="ModelLoadException">A device was named that cannot be had.</exception>
    /// <exception cref="InferenceException">The device has worked in this process and is not there now; another try may succeed.</exception>
    public static DeviceSelection Select(DeviceChoice choice, Precision? precision, IDeviceRuntime runtime) => choice switch
    {
        DeviceChoice.Cpu => new(Device.Cpu) { IsNamed = true },
        DeviceChoice.Auto => SelectAny(precision, runtime),
        _ => SelectNamed(choice, precision, runtime),
    };

    /// <summary>One line that says what is missing.</summary>
    public static ModelLoadException CannotBeHad(DeviceChoice choice, string whyNot) =>
        new($"The device {choice.ToString().ToLowerInvariant()} cannot be had: {whyNot}.") { IsOfDevice = true };

    private static DeviceSelection SelectNamed(DeviceChoice choice, Precision? precision, IDeviceRuntime runtime)
    {
        var device = choice == DeviceChoice.Mps ? Device.Mps : Device.Cuda;
        if (DeviceNeeds.WhyNever(precision) is { } whyNever)
            throw CannotBeHad(choice, whyNever);
        if (runtime.WhyNot(device) is not { } whyNot)
            return new(device) { IsNamed = true };
        ThrowIfLost(device, whyNot, runtime);
        throw CannotBeHad(choice, whyNot);
    }

    private static DeviceSelection SelectAny(Precision? precision, IDeviceRuntime runtime)
    {
        Device[] possible = [.. Welcome.Where(device => runtime.WhyNever(device) is null)];
        var whyNot = DeviceNeeds.WhyNever(precision);
        if (whyNot is null)
        {
            foreach (var device in possible)
            {
                // What has to be proven is not looked for, which takes time at every start, before there is a proof.
                if (!device.IsTrusted())
                    return new(device);
                if (runtime.WhyNot(device) is not { } reason)
                    return new(device);
                ThrowIfLost(device, reason, runtime);
                whyNot ??= reason;
            }
        }

        return new(Device.Cpu, whyNot ?? runtime.WhyNever(Welcome[0])) { IsFallBack = possible.Length > 0 };
    }

    private static void ThrowIfLost(Device device, string whyNot, IDeviceRuntime runtime)
    {
        if (runtime.History.HasServed(device))
            throw new InferenceException($"The device {device.Name()} was lost: {whyNot}.");
    }
}
