using System.Text.RegularExpressions;
using ActorEmbed.Inference.Graphs;
using Microsoft.ML.OnnxRuntime;

namespace ActorEmbed.Inference.Devices;

/// <summary>The devices of this machine, as far as this build of ONNX Runtime has providers for them.</summary>
internal sealed partial class OnnxDeviceRuntime : IDeviceRuntime
{
    private OnnxDeviceRuntime()
    {
    }

    /// <summary>Of this process.</summary>
    public static OnnxDeviceRuntime Instance { get; } = new();

    public DeviceHistory History { get; } = new();

    public bool HasPackedAttention => true;

    public TimeProvider Clock => TimeProvider.System;

    public string? WhyNever(Device device) => device switch
    {
        Device.Cuda => CudaProvider.WhyNever(),
        Device.Mps => CoreMlProvider.WhyNever(),
        _ => null,
    };

    public string? WhyNot(Device device)
    {
        if (device == Device.Cpu)
            return null;
        if (WhyNever(device) is { } whyNever)
            return whyNever;
        if (device == Device.Cuda && CudaProvider.WhatLacks() is { } lacking)
            return lacking;
        try
        {
            return DeviceTrial.Run(options => AddProviderAlone(options, device)) ? null : "the accelerator adds wrongly";
        }
        catch (OnnxRuntimeException e)
        {
            return Where().Replace(e.Message.ReplaceLineEndings(" "), "").TrimEnd(' ', '.');
        }
    }

    public string Identify(Device device) => device == Device.Mps ? CoreMlProvider.Identify() : CudaProvider.Identify();

    public InferenceSession Open(string graphPath, Device device, FixedShape? shape) =>
        OnnxSessions.OpenOnDevice(graphPath, options => AddProvider(options, device, CoreMlProvider.CacheOf(graphPath, shape)), shape);

    public void Run(InferenceSession session, RunOptions options, OrtIoBinding binding) => session.RunWithBinding(options, binding);

    private static void AddProviderAlone(SessionOptions options, Device device)
    {
        AddProvider(options, device, cacheDirectory: null);
        // CoreML's provider leaves what it does not take to the processor, without a word.
        if (device == Device.Mps)
            options.AddSessionConfigEntry("session.disable_cpu_ep_fallback", "1");
    }

    private static void AddProvider(SessionOptions options, Device device, string? cacheDirectory)
    {
        if (device == Device.Mps)
            CoreMlProvider.Add(options, cacheDirectory);
        else
            CudaProvider.Add(options);
    }

    // Where in its own sources ONNX Runtime noticed it.
    [GeneratedRegex(@"^.*\[ONNXRuntimeError\] : \d+ : \w+ : ")]
    private static partial Regex Where();
}
