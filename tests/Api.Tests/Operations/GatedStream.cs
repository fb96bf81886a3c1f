using System.Text;

namespace ActorEmbed.Api.Tests.Operations;

/// <summary>Takes nothing until it is opened, as a pipe that nobody reads.</summary>
internal sealed class GatedStream : MemoryStream
{
    private readonly ManualResetEventSlim _gate = new();

    public string Written => Encoding.UTF8.GetString(ToArray());

    public void Open() => _gate.Set();

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        _gate.Wait();
        base.Write(buffer);
    }

    protected override void Dispose(bool disposing)
    {
        _gate.Set();
        base.Dispose(disposing);
    }
}
