namespace ActorEmbed.Inference.Hub;

/// <summary>What a pull is doing.</summary>
public enum PullStage
{
    /// <summary>Asking the hub for its files, or looking at them.</summary>
    Listing,

    /// <summary>A file is about to arrive; what an earlier run left of it is counted already.</summary>
    Starting,

    /// <summary>Bytes arrived.</summary>
    Downloading,

    /// <summary>Another process is fetching the same file.</summary>
    Waiting,

    /// <summary>Something failed and will be tried again; <see cref="PullProgress.Note"/> says what and when.</summary>
    Retrying,

    /// <summary>A file is whole and checked.</summary>
    FileDone,

    /// <summary>The model is complete.</summary>
    Done,
}
