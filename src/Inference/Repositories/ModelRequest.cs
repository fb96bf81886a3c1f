namespace ActorEmbed.Inference.Repositories;

/// <summary>What is asked of a repository.</summary>
/// <param name="Id">Its id, or the name of its directory.</param>
/// <param name="Variant">The X of <c>onnx/model_X.onnx</c>; null for what is best here.</param>
internal sealed record ModelRequest(string Id, string? Variant)
{
    /// <summary>Whether no graph is to be made from its weights: one has been tried and does not work.</summary>
    public bool IsUncompiled { get; init; }
}
