namespace ActorEmbed.Actors.Clustering;

/// <summary>The registry's key of the inference node in this process: <c>IRequiredActor&lt;InferenceNode&gt;</c>.</summary>
public sealed class InferenceNode
{
    private InferenceNode()
    {
    }
}
