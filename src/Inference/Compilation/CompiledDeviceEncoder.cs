using System.Globalization;
using ActorEmbed.Inference.Compilation.Cache;
using ActorEmbed.Inference.Devices;
using ActorEmbed.Inference.Encoders;
using ActorEmbed.Inference.Graphs;
using ActorEmbed.Inference.Weights;
using Microsoft.Extensions.Logging;

namespace ActorEmbed.Inference.Compilation;

/// <summary>Opens the compiled form of a model on a device, and compiles it first where that has not been done yet.</summary>
internal static class CompiledDeviceEncoder
{
    /// <param name="source">What to compile.</param>
    /// <param name="precision">What is wanted: half or single.</param>
    /// <param name="device">Where to run it.</param>
    /// <param name="hasToBeProven">Whether it is run there only where it was compared with the processor before, and was faster.</param>
    /// <param name="options">How the processor that it is compared with may be used.</param>
    /// <param name="logger">Is told what is compiled.</param>
    /// <param name="whyNot">Why it cannot be run there, where it returns null.</param>
    /// <returns>The encoder, or null where the model is none of the families, or its graph did not pass its test there.</returns>
    /// <exception cref="ModelLoadException">A file is damaged, or the files do not belong together.</exception>
    /// <exception cref="InferenceException">It could not be compiled or opened now; another try may succeed.</exception>
    public static OpenedDeviceEncoder? TryOpen(
        CompiledModelSource source, Precision precision, DeviceTarget device, bool hasToBeProven, EncoderOptions options, ILogger logger,
        out string whyNot) => KnownFamily.TryOpen(
            source,
            (EncoderArchitecture architecture, IModelWeights files, IEncoderWriter writer, out string reason) =>
                TryOpenFirst(source, precision, device, hasToBeProven, options, logger, architecture, files, writer, out reason),
            logger,
            out whyNot);

    private static OpenedDeviceEncoder? TryOpenFirst(
        CompiledModelSource source, Precision precision, DeviceTarget device, bool hasToBeProven, EncoderOptions options, ILogger logger,
        EncoderArchitecture architecture, IModelWeights files, IEncoderWriter writer, out string whyNot)
    {
        OpenedDeviceEncoder? Find(CompiledModelCache cache, string checksum, GraphCompiler host, out string reason)
        {
            var kind = KindOf(device.Device, precision);
            var key = new CompiledModelKey(kind, checksum, architecture, source.Pooling) { Accelerator = device.Runtime.Identify(device.Device) };
            if (hasToBeProven && WhyNotProven(cache, key, device.Device) is { } unproven)
            {
                reason = unproven;
                return null;
            }

            var compiler = new DeviceGraphCompiler(host, source, architecture, files, writer, device, logger);
            var encoder = CompiledForm.TryOpen(cache, key, compiler, source.OnCompiling, logger, out var rejected);
            reason = $"its compiled {kind} graph did not pass its test on {device.Device.Name()} ({rejected})";
            return encoder is null ? null : new OpenedDeviceEncoder(encoder, precision);
        }

        return CompiledForm.TryFind(source, options, logger, architecture, files, writer, Find, out whyNot);
    }

    private static CompiledGraphKind KindOf(Device device, Precision precision) => (device.HasFixedShapes(), precision) switch
    {
        (true, Precision.Fp16) => CompiledGraphKind.FixedFp16,
        (true, _) => CompiledGraphKind.FixedFp32,
        (_, Precision.Fp16) => CompiledGraphKind.DeviceFp16,
        _ => CompiledGraphKind.DeviceFp32,
    };

    private static string? WhyNotProven(CompiledModelCache cache, CompiledModelKey key, Device device)
    {
        if (cache.FindRejection(key) is { } rejection)
            return $"{rejection}";
        if (cache.Find(key) is not { } directory || DeviceVerdict.TryRead(directory) is not { } verdict)
            return $"{device.Name()} has not been compared with it for this model on this machine; a start with --device {device.Name()} does that";
        return verdict.IsFaster
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"{device.Name()} was {verdict.Gain:F2} times as fast for this model on this machine, and is taken from {DeviceVerdict.LeastGain} on");
    }
}
