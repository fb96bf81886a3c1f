namespace ActorEmbed.Inference.Tests.Exported;

/// <summary>How exporters write one and the same encoder.</summary>
public enum ExportStyle
{
    /// <summary>As PyTorch 1.x: primitive operators throughout, products with transposed weights, every tensor a number.</summary>
    Numbered,

    /// <summary>As PyTorch 2.x: tensors keep their names, the scale is in queries and keys, equal tensors are stored once.</summary>
    Named,

    /// <summary>As the optimizer of ONNX Runtime leaves it: embedding, attention, residuals and biases in operators of their own.</summary>
    Fused,
}
