namespace ActorEmbed.Inference.Repositories;

/// <summary>How a model is run.</summary>
internal enum RunKind
{
    /// <summary>By a graph made from its safetensors.</summary>
    Compiled,

    /// <summary>By a graph made from the weights in its own ONNX graph.</summary>
    CompiledGraph,

    /// <summary>By its own ONNX graph.</summary>
    Graph,

    /// <summary>By a table with a row for each token, whose mean is the vector: a static model.</summary>
    Table,
}
