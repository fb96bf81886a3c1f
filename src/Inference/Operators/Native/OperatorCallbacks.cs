using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ActorEmbed.Inference.Operators.Native;

/// <summary>What ONNX Runtime calls. No exception may leave these functions: below them there is native code.</summary>
[SuppressMessage("Design", "CA1031", Justification = "An exception that leaves a function called by native code ends the process; it becomes a status.")]
internal static unsafe class OperatorCallbacks
{
    // INPUT_OUTPUT_REQUIRED and INPUT_OUTPUT_OPTIONAL.
    private const int Required = 0;
    private const int Optional = 1;

    /// <summary>Makes an operator known; nothing of it is ever freed.</summary>
    public static OperatorEntry* Describe(Operator described)
    {
        var entry = (OperatorEntry*)NativeMemory.AllocZeroed((nuint)sizeof(OperatorEntry));
        *entry = new OperatorEntry
        {
            Version = OnnxApi.Version,
            GetName = &GetName,
            GetExecutionProvider = &GetNothing,
            GetInputType = &GetInputType,
            GetInputCount = &GetInputCount,
            GetOutputType = &GetOutputType,
            GetOutputCount = &GetOutputCount,
            DestroyKernel = &DestroyKernel,
            GetInputCharacteristic = &GetInputCharacteristic,
            GetOutputCharacteristic = &GetZero,
            GetInputMemory = &GetZero,
            GetLeastVariadicInputs = &GetOne,
            AreVariadicInputsAlike = &GetOne,
            GetLeastVariadicOutputs = &GetOne,
            AreVariadicOutputsAlike = &GetOne,
            CreateKernelV2 = &CreateKernel,
            KernelComputeV2 = &Compute,
            GetStartVersion = &GetOne,
            GetEndVersion = &GetLastVersion,
            Name = (byte*)Marshal.StringToCoTaskMemUTF8(described.Name),
            Operator = GCHandle.ToIntPtr(GCHandle.Alloc(described)),
        };
        return entry;
    }

    private static Operator Of(OperatorEntry* entry) => (Operator)GCHandle.FromIntPtr(entry->Operator).Target!;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static byte* GetName(OperatorEntry* entry) => entry->Name;

    /// <summary>The processor.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static byte* GetNothing(OperatorEntry* entry) => null;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int GetInputType(OperatorEntry* entry, nuint index) => (int)Of(entry).Inputs[(int)index].Type;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nuint GetInputCount(OperatorEntry* entry) => (nuint)Of(entry).Inputs.Length;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int GetOutputType(OperatorEntry* entry, nuint index) => (int)Of(entry).Outputs[(int)index];

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nuint GetOutputCount(OperatorEntry* entry) => (nuint)Of(entry).Outputs.Length;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int GetInputCharacteristic(OperatorEntry* entry, nuint index) =>
        Of(entry).Inputs[(int)index].IsOptional ? Optional : Required;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int GetZero(OperatorEntry* entry, nuint index) => 0;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int GetOne(OperatorEntry* entry) => 1;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int GetLastVersion(OperatorEntry* entry) => int.MaxValue;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint CreateKernel(OperatorEntry* entry, nint api, nint node, nint* kernel)
    {
        try
        {
            *kernel = GCHandle.ToIntPtr(GCHandle.Alloc(Of(entry).Create(new OperatorAttributes(node))));
            return 0;
        }
        catch (Exception e)
        {
            return OnnxApi.Failure(e.Message);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void DestroyKernel(nint kernel) => GCHandle.FromIntPtr(kernel).Free();

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint Compute(nint kernel, nint context)
    {
        try
        {
            ((OperatorKernel)GCHandle.FromIntPtr(kernel).Target!).Compute(new OperatorCall(context));
            return 0;
        }
        catch (Exception e)
        {
            return OnnxApi.Failure(e.Message);
        }
    }
}
