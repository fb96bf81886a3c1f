using ActorEmbed.Inference.Compilation;
using ActorEmbed.Inference.Devices;
using ActorEmbed.Inference.Encoders;
using Microsoft.Extensions.Logging;

namespace ActorEmbed.Inference.Loading;

/// <summary>Opens a model where it is to run, or on the processor where that cannot be and no device was named.</summary>
internal sealed class DeviceOpening
{
    private readonly ModelOptions _options;
    private readonly IDeviceRuntime _runtime;
    private readonly ILogger _logger;
    private DeviceSelection _selection;

    /// <param name="options">Say where it is to run, and in what numbers.</param>
    /// <param name="runtime">What there is.</param>
    /// <param name="logger">Is told once why it is the processor.</param>
    /// <exception cref="ModelLoadException">A device was named that cannot be had, or not in these numbers.</exception>
    /// <exception cref="InferenceException">The device was lost; another try may succeed.</exception>
    public DeviceOpening(ModelOptions options, IDeviceRuntime runtime, ILogger logger)
    {
        (_options, _runtime, _logger) = (options, runtime, logger);
        if (options.FindConflict() is { } conflict)
            throw new ModelLoadException(conflict);
        _selection = DeviceSelection.Select(options.Device, options.Precision, runtime);
        if (_selection.WhyNoOther is { } whyNot)
            Tell(whyNot);
    }

    /// <summary>The model is of a kind that no device is of use for: nobody has to look for one.</summary>
    /// <param name="options">Say where it is to run, and in what numbers.</param>
    /// <param name="whyNot">Why, as the end of a sentence.</param>
    /// <exception cref="ModelLoadException">A device was named, or device and numbers exclude each other.</exception>
    public static void RequireNone(ModelOptions options, string whyNot)
    {
        if (options.FindConflict() is { } conflict)
            throw new ModelLoadException(conflict);
        if (options.Device is not (DeviceChoice.Auto or DeviceChoice.Cpu))
            throw DeviceSelection.CannotBeHad(options.Device, whyNot);
    }

    /// <summary>The compiled form of a model, open; null where there is none.</summary>
    /// <inheritdoc cref="CompiledEncoder.TryOpen" />
    public CompiledModel? TryOpen(CompiledModelSource source, out string whyNot)
    {
        var options = new EncoderOptions(_options.Threads);
        if (_selection.Device != Device.Cpu && TryOpenOnDevice(source, options) is { } onDevice)
        {
            whyNot = "";
            return onDevice;
        }

        var precision = _options.Precision == Precision.Int8 ? Precision.Int8 : Precision.Fp32;
        return CompiledEncoder.TryOpen(source, precision, options, _logger, out whyNot) is { } opened
            ? new CompiledModel(opened.Encoder, Device.Cpu, opened.Precision) { CalibratedShare = opened.Encoder.CalibratedShare }
            : null;
    }

    /// <summary>The model is of a kind that the device is of no use for, or is not used for.</summary>
    /// <param name="whyNot">Why, as the end of a sentence.</param>
    /// <exception cref="ModelLoadException">The device was named.</exception>
    public void StayOnProcessor(string whyNot)
    {
        if (_selection.Device == Device.Cpu)
            return;
        if (_selection.IsNamed)
            throw DeviceSelection.CannotBeHad(_options.Device, whyNot);
        _selection = new DeviceSelection(Device.Cpu, whyNot) { IsFallBack = true };
        Tell(whyNot);
    }

    private CompiledModel? TryOpenOnDevice(CompiledModelSource source, EncoderOptions options)
    {
        var target = new DeviceTarget(_runtime, _selection.Device);
        var wanted = _options.Precision ?? Precision.Fp16;
        try
        {
            if (CompiledDeviceEncoder.TryOpen(source, wanted, target, _selection.HasToBeProven, options, _logger, out var whyNot) is { } opened
                && WithLongTexts(source, opened.Encoder, options, out whyNot) is { } encoder)
            {
                _runtime.History.MarkServed(target.Device);
                _logger.LogInformation("Runs on {Device} in {Precision}: {Accelerator}", target.Device.Name(), opened.Precision, _runtime.Identify(target.Device));
                return new CompiledModel(encoder, target.Device, opened.Precision);
            }

            StayOnProcessor(whyNot);
        }
        catch (InferenceException e) when (!_selection.IsNamed && !_runtime.History.HasServed(target.Device))
        {
            // No memory there, perhaps. What has never worked was not lost: nobody asked for it by name.
            StayOnProcessor(e.Message.TrimEnd('.'));
        }

        return null;
    }

    /// <summary>Adds the processor for the texts that the device has no shape for.</summary>
    private ITextEncoder? WithLongTexts(CompiledModelSource source, ITextEncoder encoder, EncoderOptions options, out string whyNot)
    {
        whyNot = "";
        if (encoder is not FixedEncoder { Longest: var longest } || source.MaxTokens <= longest)
            return encoder;
        try
        {
            if (CompiledEncoder.TryOpen(source, Precision.Fp32, options, _logger, out whyNot) is { } processor)
                return new ByLengthEncoder(encoder, longest, processor.Encoder);
        }
        catch
        {
            encoder.Dispose();
            throw;
        }

        encoder.Dispose();
        return null;
    }

    private void Tell(string whyNot)
    {
        if (_selection.IsFallBack && _runtime.History.IsNews(whyNot))
            _logger.LogInformation("Runs on the cpu: {Reason}", whyNot);
        if (_options.Precision == Precision.Fp16)
            _logger.LogWarning("The model runs in {Precision} although {Wanted} was asked for: {Reason}", Precision.Fp32, Precision.Fp16, whyNot);
    }
}
