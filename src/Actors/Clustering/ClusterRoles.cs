namespace ActorEmbed.Actors.Clustering;

/// <summary>What a node does; the names are those that the cluster's members carry.</summary>
[Flags]
public enum ClusterRoles
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Takes requests and hands out batches.</summary>
    Router = 1,

    /// <summary>Owns a model and computes batches.</summary>
    Inference = 2,

    /// <summary>Both.</summary>
    All = Router | Inference,
}
