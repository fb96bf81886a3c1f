using Microsoft.ML.OnnxRuntime;

namespace ActorEmbed.Inference.Encoders;

/// <summary>Tensors over pinned memory that is reused from run to run and grown when a run needs more.</summary>
internal static class PinnedTensor
{
    /// <summary>Makes room; what was there is lost where it grows, and new elements are zero.</summary>
    public static void Grow<T>(ref T[] buffer, int length)
    {
        if (buffer.Length < length)
            buffer = GC.AllocateArray<T>(length, pinned: true);
    }

    /// <summary>The first elements of a buffer, without a copy; good for as long as the buffer is not grown.</summary>
    public static OrtValue Over<T>(T[] buffer, long[] shape) where T : unmanaged
    {
        var length = 1L;
        foreach (var size in shape)
            length *= size;
        return OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, buffer.AsMemory(0, checked((int)length)), shape);
    }
}
