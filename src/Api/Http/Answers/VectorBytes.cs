using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Net.Mime;
using System.Runtime.InteropServices;

namespace ActorEmbed.Api.Http.Answers;

/// <summary>Vectors as raw bytes: 32-bit floats, little-endian, whatever the machine has.</summary>
internal static class VectorBytes
{
    public const string CountHeader = "X-Embedding-Count";
    public const string DimensionsHeader = "X-Embedding-Dimensions";

    /// <summary>The bytes of a vector; on a little-endian machine its own memory.</summary>
    public static ReadOnlySpan<byte> Of(float[] vector)
    {
        if (BitConverter.IsLittleEndian)
            return MemoryMarshal.AsBytes(vector.AsSpan());
        var swapped = new int[vector.Length];
        BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<float, int>(vector), swapped);
        return MemoryMarshal.AsBytes(swapped.AsSpan());
    }

    /// <summary>Answers with [count, dimensions] floats, row by row; the shape stands in the headers.</summary>
    public static async Task WriteAsync(HttpResponse response, IReadOnlyList<float[]> vectors)
    {
        var dimensions = vectors.Count == 0 ? 0 : vectors[0].Length;
        response.ContentType = MediaTypeNames.Application.Octet;
        response.ContentLength = (long)vectors.Count * dimensions * sizeof(float);
        response.Headers[CountHeader] = vectors.Count.ToString(CultureInfo.InvariantCulture);
        response.Headers[DimensionsHeader] = dimensions.ToString(CultureInfo.InvariantCulture);
        var pending = 0;
        foreach (var vector in vectors)
        {
            response.BodyWriter.Write(Of(vector));
            pending += dimensions * sizeof(float);
            if (pending < JsonAnswer.FlushBytes)
                continue;
            await response.BodyWriter.FlushAsync(response.HttpContext.RequestAborted);
            pending = 0;
        }

        await response.BodyWriter.FlushAsync(response.HttpContext.RequestAborted);
    }
}
