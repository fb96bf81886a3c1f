namespace ActorEmbed.Inference.Devices;

/// <summary>Which device a model is to run on.</summary>
/// <param name="Device">That one.</param>
/// <param name="WhyNoOther">Why it is the processor although another would have been welcome; null where that is not so.</param>
internal sealed record DeviceSelection(Device Device, string? WhyNoOther = null)
{
    /// <summary>Whether nothing else than the device will do: the caller named it.</summary>
    public bool IsNamed { get; private init; }

    /// <param name="choice">What the caller wants.</param>
    /// <param name="precision">Of what numbers; null for those that suit the device.</param>
    /// <param name="runtime">What there is.</param>
    /// <exception cref="ModelLoadException">A device was named that cannot be had.</exception>
    /// <exception cref="InferenceException">The device has worked in this process and is not there now; another try may succeed.</exception>
    public static DeviceSelection Select(DeviceChoice choice, Precision? precision, IDeviceRuntime runtime)
    {
        if (choice == DeviceChoice.Cpu)
            return new(Device.Cpu) { IsNamed = true };
        if ((DeviceNeeds.WhyNever(choice, precision) ?? runtime.WhyNot(Device.Cuda)) is not { } whyNot)
            return new(Device.Cuda) { IsNamed = choice == DeviceChoice.Cuda };
        if (DeviceNeeds.WhyNever(choice, precision) is null && runtime.History.HasServed(Device.Cuda))
            throw new InferenceException($"The device {Device.Cuda.Name()} was lost: {whyNot}.");
        return choice == DeviceChoice.Auto ? new(Device.Cpu, whyNot) : throw CannotBeHad(choice, whyNot);
    }

    /// <summary>One line that says what is missing.</summary>
    public static ModelLoadException CannotBeHad(DeviceChoice choice, string whyNot) =>
        new($"The device {choice.ToString().ToLowerInvariant()} cannot be had: {whyNot}.");
}
