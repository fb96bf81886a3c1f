using ActorEmbed.Inference;
using ActorEmbed.Inference.Devices;
using ActorEmbed.Inference.Graphs;
using ActorEmbed.Inference.Loading;
using Microsoft.Extensions.Logging;
using Microsoft.ML.OnnxRuntime;

namespace ActorEmbed.Tests.Shared.Devices;

/// <summary>
/// An accelerator that is none: what is opened there runs on the processor, by the graph that was made for a device. It can be
/// missing, lost, or short of memory.
/// </summary>
public sealed class ScriptedDevice
{
    private readonly Edge _edge;

    public ScriptedDevice() => _edge = new Edge(this);

    /// <summary>Whether it is one of Apple's, on a machine that has none of NVIDIA's; otherwise the other way round.</summary>
    public bool IsApple { get; set; }

    /// <summary>Whether its runs take less time than the processor's, by a clock that is none.</summary>
    public bool IsFaster { get; set; }

    /// <summary>Why it cannot be had; null where it can.</summary>
    public string? WhyNot { get; set; }

    /// <summary>Whether every run fails from now on, until a session is opened anew.</summary>
    public bool IsLost { get; set; }

    /// <summary>Whether it stays so for sessions that are opened after that.</summary>
    public bool IsLostForGood { get; set; }

    /// <summary>Whether no graph can be opened.</summary>
    public bool HasNoMemory { get; set; }

    /// <summary>What it and its driver are.</summary>
    public string Identity { get; set; } = "scripted accelerator, driver 1";

    /// <summary>Whether graphs are written with <c>PackedMultiHeadAttention</c>, which the processor cannot run.</summary>
    public bool HasPackedAttention { get; set; }

    /// <summary>Graphs that were opened, by their paths.</summary>
    public IList<string> Opened { get; } = [];

    /// <summary>Runs that were asked for.</summary>
    public int Runs { get; private set; }

    /// <summary>Questions whether there is a device.</summary>
    public int Looks { get; private set; }

    /// <summary>The edge itself.</summary>
    internal IDeviceRuntime Runtime => _edge;

    /// <summary>As <see cref="ModelLoader"/> loads a model, on a machine with this device.</summary>
    public IEmbeddingModel Load(string directory, ModelOptions? options = null, ILogger? logger = null) =>
        ModelLoader.Load(directory, options, logger, _edge);

    private Device Device => IsApple ? Device.Mps : Device.Cuda;

    private static OnnxRuntimeException Failure()
    {
        try
        {
            // Only the runtime makes such exceptions.
            using var session = new InferenceSession([0]);
            throw new InvalidOperationException("A byte is no model.");
        }
        catch (OnnxRuntimeException e)
        {
            return e;
        }
    }

    private sealed class Edge(ScriptedDevice script) : IDeviceRuntime
    {
        public DeviceHistory History { get; } = new();

        public bool HasPackedAttention => script.HasPackedAttention;

        public TimeProvider Clock { get; } = new ScriptedClock(script);

        public string? WhyNever(Device device)
        {
            script.Looks++;
            return device == script.Device ? null : "this is another machine";
        }

        public string? WhyNot(Device device) => WhyNever(device) ?? script.WhyNot;

        public string Identify(Device device) => script.Identity;

        public InferenceSession Open(string graphPath, Device device, FixedShape? shape)
        {
            script.Opened.Add(shape is null ? graphPath : $"{graphPath} {shape}");
            if (script.HasNoMemory)
                throw Failure();
            script.IsLost &= script.IsLostForGood;
            return OnnxSessions.OpenOnDevice(graphPath, _ => { }, shape);
        }

        public void Run(InferenceSession session, RunOptions options, OrtIoBinding binding)
        {
            script.Runs++;
            if (script.IsLost)
                throw Failure();
            session.RunWithBinding(options, binding);
        }
    }

    /// <summary>A look at it takes ten seconds; with runs of the device before it, a second or a hundred.</summary>
    private sealed class ScriptedClock(ScriptedDevice script) : TimeProvider
    {
        private long _seconds;
        private int _runs;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp()
        {
            var hasRun = script.Runs > _runs;
            _runs = script.Runs;
            return _seconds += !hasRun ? 10 : script.IsFaster ? 1 : 100;
        }
    }
}
