namespace ActorEmbed.Inference.Operators;

/// <summary>What tensors of operators hold; the numbers are those of <c>ONNXTensorElementDataType</c>.</summary>
internal enum ElementType
{
    Float = 1,
    UInt8 = 2,
    Int8 = 3,
    Int32 = 6,
    Int64 = 7,
}
