using System.Runtime.InteropServices;

namespace ActorEmbed.Inference.Operators.Native;

/// <summary>
/// What ONNX Runtime is told of an operator: <c>OrtCustomOp</c> in <c>onnxruntime_c_api.h</c>, as far as
/// <see cref="OnnxApi.Version"/> has it, and behind it what is ours. Its address stays valid for the life of the process.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct OperatorEntry
{
    public uint Version;
    // Only asked for where CreateKernelV2 is missing, as KernelCompute where KernelComputeV2 is.
    public nint CreateKernel;
    public delegate* unmanaged[Cdecl]<OperatorEntry*, byte*> GetName;
    public delegate* unmanaged[Cdecl]<OperatorEntry*, byte*> GetExecutionProvider;
    public delegate* unmanaged[Cdecl]<OperatorEntry*, nuint, int> GetInputType;
    public delegate* unmanaged[Cdecl]<OperatorEntry*, nuint> GetInputCount;
    public delegate* unmanaged[Cdecl]<OperatorEntry*, nuint, int> GetOutputType;
    public delegate* unmanaged[Cdecl]<OperatorEntry*, nuint> GetOutputCount;
    public nint KernelCompute;
    public delegate* unmanaged[Cdecl]<nint, void> DestroyKernel;
    public delegate* unmanaged[Cdecl]<OperatorEntry*, nuint, int> GetInputCharacteristic;
    public delegate* unmanaged[Cdecl]<OperatorEntry*, nuint, int> GetOutputCharacteristic;
    public delegate* unmanaged[Cdecl]<OperatorEntry*, nuint, int> GetInputMemory;
    public delegate* unmanaged[Cdecl]<OperatorEntry*, int> GetLeastVariadicInputs;
    public delegate* unmanaged[Cdecl]<OperatorEntry*, int> AreVariadicInputsAlike;
    public delegate* unmanaged[Cdecl]<OperatorEntry*, int> GetLeastVariadicOutputs;
    public delegate* unmanaged[Cdecl]<OperatorEntry*, int> AreVariadicOutputsAlike;
    public delegate* unmanaged[Cdecl]<OperatorEntry*, nint, nint, nint*, nint> CreateKernelV2;
    public delegate* unmanaged[Cdecl]<nint, nint, nint> KernelComputeV2;
    public nint InferOutputShape;
    public delegate* unmanaged[Cdecl]<OperatorEntry*, int> GetStartVersion;
    public delegate* unmanaged[Cdecl]<OperatorEntry*, int> GetEndVersion;

    /// <summary>UTF-8, ended by a zero.</summary>
    public byte* Name;

    /// <summary>A <see cref="GCHandle"/> of the <see cref="Operator"/>.</summary>
    public nint Operator;
}
