using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace ActorEmbed.Inference.Operators.Native;

/// <summary>
/// The functions of ONNX Runtime's C interface that operators need and its managed package does not give: they stand in a
/// table whose order never changes (<c>OrtApi</c> in <c>onnxruntime_c_api.h</c>).
/// </summary>
internal static unsafe partial class OnnxApi
{
    /// <summary>The first version whose table has all that is used here: it brought <see cref="ParallelForPlace"/>.</summary>
    public const uint Version = 17;

    // Places in the table.
    private const int CreateStatusPlace = 0;
    private const int GetErrorMessagePlace = 2;
    private const int CreateDomainPlace = 26;
    private const int AddToDomainPlace = 27;
    private const int AddDomainPlace = 28;
    private const int GetTensorDataPlace = 51;
    private const int GetDimensionCountPlace = 61;
    private const int GetDimensionsPlace = 62;
    private const int GetTensorShapePlace = 65;
    private const int GetFloatAttributePlace = 85;
    private const int GetIntegerAttributePlace = 86;
    private const int GetInputPlace = 90;
    private const int GetOutputPlace = 91;
    private const int ReleaseStatusPlace = 93;
    private const int ReleaseTensorShapePlace = 99;
    private const int ParallelForPlace = 274;

    // ORT_FAIL.
    private const int Failed = 1;

    private static readonly nint* Table = Load();

    /// <summary>A status that says why an operator failed; the runtime frees it.</summary>
    public static nint Failure(string message)
    {
        fixed (byte* text = Utf8(message))
            return ((delegate* unmanaged[Cdecl]<int, byte*, nint>)Table[CreateStatusPlace])(Failed, text);
    }

    public static nint CreateDomain(string name)
    {
        nint domain;
        fixed (byte* text = Utf8(name))
            Check(((delegate* unmanaged[Cdecl]<byte*, nint*, nint>)Table[CreateDomainPlace])(text, &domain));
        return domain;
    }

    public static void AddToDomain(nint domain, OperatorEntry* entry) =>
        Check(((delegate* unmanaged[Cdecl]<nint, OperatorEntry*, nint>)Table[AddToDomainPlace])(domain, entry));

    public static void AddDomain(nint sessionOptions, nint domain) =>
        Check(((delegate* unmanaged[Cdecl]<nint, nint, nint>)Table[AddDomainPlace])(sessionOptions, domain));

    /// <summary>A tensor that an operator is given; 0 where the graph leaves it out.</summary>
    public static nint Input(nint context, int index)
    {
        nint value;
        Check(((delegate* unmanaged[Cdecl]<nint, nuint, nint*, nint>)Table[GetInputPlace])(context, (nuint)index, &value));
        return value;
    }

    public static nint Output(nint context, int index, ReadOnlySpan<long> shape)
    {
        nint value;
        fixed (long* dimensions = shape)
        {
            Check(((delegate* unmanaged[Cdecl]<nint, nuint, long*, nuint, nint*, nint>)Table[GetOutputPlace])(
                context, (nuint)index, dimensions, (nuint)shape.Length, &value));
        }

        return value;
    }

    public static void* Data(nint tensor)
    {
        void* data;
        Check(((delegate* unmanaged[Cdecl]<nint, void**, nint>)Table[GetTensorDataPlace])(tensor, &data));
        return data;
    }

    /// <summary>Sizes of a tensor.</summary>
    /// <returns>How many there are; only as many as there is room for are written.</returns>
    public static int Shape(nint tensor, Span<long> shape)
    {
        nint info;
        Check(((delegate* unmanaged[Cdecl]<nint, nint*, nint>)Table[GetTensorShapePlace])(tensor, &info));
        try
        {
            nuint count;
            Check(((delegate* unmanaged[Cdecl]<nint, nuint*, nint>)Table[GetDimensionCountPlace])(info, &count));
            fixed (long* sizes = shape)
            {
                Check(((delegate* unmanaged[Cdecl]<nint, long*, nuint, nint>)Table[GetDimensionsPlace])(
                    info, sizes, Math.Min(count, (nuint)shape.Length)));
            }

            return (int)count;
        }
        finally
        {
            ((delegate* unmanaged[Cdecl]<nint, void>)Table[ReleaseTensorShapePlace])(info);
        }
    }

    public static float FloatAttribute(nint node, string name)
    {
        float value;
        fixed (byte* text = Utf8(name))
            Check(((delegate* unmanaged[Cdecl]<nint, byte*, float*, nint>)Table[GetFloatAttributePlace])(node, text, &value));
        return value;
    }

    public static long IntegerAttribute(nint node, string name)
    {
        long value;
        fixed (byte* text = Utf8(name))
            Check(((delegate* unmanaged[Cdecl]<nint, byte*, long*, nint>)Table[GetIntegerAttributePlace])(node, text, &value));
        return value;
    }

    /// <summary>Calls a function once for each number below <paramref name="total"/>, on the threads of the session.</summary>
    public static void ParallelFor(nint context, delegate* unmanaged[Cdecl]<void*, nuint, void> function, int total, void* state) =>
        // 0: as many batches as the session has threads.
        Check(((delegate* unmanaged[Cdecl]<nint, delegate* unmanaged[Cdecl]<void*, nuint, void>, nuint, nuint, void*, nint>)Table[ParallelForPlace])(
            context, function, (nuint)total, 0, state));

    private static nint* Load()
    {
        var table = ((delegate* unmanaged[Cdecl]<uint, nint*>)(*GetApiBase()))(Version);
        return table is null ? throw new InvalidOperationException($"ONNX Runtime has no interface of version {Version}.") : table;
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text + '\0');

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Check(nint status)
    {
        if (status != 0)
            Throw(status);
    }

    private static void Throw(nint status)
    {
        var message = Marshal.PtrToStringUTF8(((delegate* unmanaged[Cdecl]<nint, nint>)Table[GetErrorMessagePlace])(status));
        ((delegate* unmanaged[Cdecl]<nint, void>)Table[ReleaseStatusPlace])(status);
        throw new InvalidOperationException(message);
    }

    /// <summary>The library that the managed package has loaded, by the name that it loads it by.</summary>
    [LibraryImport("onnxruntime", EntryPoint = "OrtGetApiBase")]
    private static partial nint* GetApiBase();
}
