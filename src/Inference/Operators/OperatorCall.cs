using ActorEmbed.Inference.Operators.Native;

namespace ActorEmbed.Inference.Operators;

/// <summary>The tensors of one call of an operator, and the threads that it may use.</summary>
/// <param name="context">ONNX Runtime's handle.</param>
internal readonly unsafe ref struct OperatorCall(nint context)
{
    // Elements of rows that are worth handing to another thread: some ten microseconds of work.
    private const int ElementsOfShare = 1 << 14;

    // Of units: enough for any number of threads to end at the same time.
    private const int MostShares = 64;

    /// <summary>Elements of an input; null where it is left out.</summary>
    public T* Input<T>(int index)
        where T : unmanaged
    {
        var tensor = OnnxApi.Input(context, index);
        return tensor == 0 ? null : (T*)OnnxApi.Data(tensor);
    }

    /// <summary>Sizes of an input of two dimensions.</summary>
    public (int Rows, int Width) Matrix(int index)
    {
        Span<long> shape = stackalloc long[2];
        var dimensions = OnnxApi.Shape(OnnxApi.Input(context, index), shape);
        return dimensions == 2
            ? (checked((int)shape[0]), checked((int)shape[1]))
            : throw new InvalidOperationException($"Input {index} has {dimensions} dimensions where 2 are expected.");
    }

    /// <summary>Elements of an input of one dimension.</summary>
    public int Length(int index)
    {
        Span<long> shape = stackalloc long[1];
        var dimensions = OnnxApi.Shape(OnnxApi.Input(context, index), shape);
        return dimensions == 1
            ? checked((int)shape[0])
            : throw new InvalidOperationException($"Input {index} has {dimensions} dimensions where 1 is expected.");
    }

    /// <summary>Room for an output.</summary>
    public T* Output<T>(int index, int rows, int width)
        where T : unmanaged => (T*)OnnxApi.Data(OnnxApi.Output(context, index, [rows, width]));

    /// <summary>Has rows worked on, by the threads of the session where there are enough.</summary>
    public void ForRows<TWork>(int rows, int width, TWork* work)
        where TWork : unmanaged, IRowWork => RowShares.Run(context, rows, Math.Max(1, ElementsOfShare / width), work);

    /// <summary>The same for units of much work.</summary>
    public void ForUnits<TWork>(int units, TWork* work)
        where TWork : unmanaged, IRowWork => RowShares.Run(context, units, Math.Max(1, units / MostShares), work);
}
