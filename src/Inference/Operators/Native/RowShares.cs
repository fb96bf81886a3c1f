using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ActorEmbed.Inference.Operators.Native;

/// <summary>Work on rows, cut into shares for the threads of a session.</summary>
internal unsafe struct RowShares
{
    private void* _work;
    private delegate*<void*, int, int, void> _run;
    private int _rows;
    private int _rowsOfShare;
    private int _hasFailed;

    /// <param name="context">Of the operator's call.</param>
    /// <param name="rows">How many there are.</param>
    /// <param name="rowsOfShare">Rows that are worth handing to another thread.</param>
    /// <param name="work">What is done with them.</param>
    public static void Run<TWork>(nint context, int rows, int rowsOfShare, TWork* work)
        where TWork : unmanaged, IRowWork
    {
        if (rows <= rowsOfShare)
        {
            work->Run(0, rows);
            return;
        }

        var shares = new RowShares { _work = work, _run = &Of<TWork>, _rows = rows, _rowsOfShare = rowsOfShare };
        OnnxApi.ParallelFor(context, &RunShare, (rows + rowsOfShare - 1) / rowsOfShare, &shares);
        if (shares._hasFailed != 0)
            throw new InvalidOperationException("A share of an operator's rows failed.");
    }

    private static void Of<TWork>(void* work, int first, int end)
        where TWork : unmanaged, IRowWork => ((TWork*)work)->Run(first, end);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    [SuppressMessage("Design", "CA1031", Justification = "An exception that leaves a function called by native code ends the process.")]
    private static void RunShare(void* state, nuint share)
    {
        var shares = (RowShares*)state;
        try
        {
            var first = (int)share * shares->_rowsOfShare;
            shares->_run(shares->_work, first, Math.Min(first + shares->_rowsOfShare, shares->_rows));
        }
        catch
        {
            Volatile.Write(ref shares->_hasFailed, 1);
        }
    }
}
