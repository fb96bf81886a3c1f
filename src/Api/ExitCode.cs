namespace ActorEmbed.Api;

/// <summary>How the process ends; a parent may restart it after 1, 5, 7 and 8, but not after 2, 3, 4 and 9.</summary>
internal static class ExitCode
{
    /// <summary>Stopped on request.</summary>
    public const int Success = 0;

    /// <summary>A failure that nobody foresaw.</summary>
    public const int Unexpected = 1;

    /// <summary>A bad option or setting.</summary>
    public const int BadOption = 2;

    /// <summary>The model is missing, damaged, or of a kind that cannot be run.</summary>
    public const int BadModel = 3;

    /// <summary>The port or socket is taken, or may not be used.</summary>
    public const int CannotListen = 4;

    /// <summary>Inference failed for good: restarts did not help, or it hangs.</summary>
    public const int InferenceFailed = 5;

    /// <summary>Ended by a second signal, before accepted requests were finished.</summary>
    public const int Interrupted = 6;

    /// <summary>The cluster went on without this node, which was frozen or cut off for too long; a fresh start joins again.</summary>
    public const int LeftCluster = 7;

    /// <summary>The model could not be pulled, for a reason that may pass: the network, the hub, a full disk.</summary>
    public const int ModelUnavailable = 8;

    /// <summary>ONNX Runtime's native library, or one of the system that it needs, does not load.</summary>
    public const int MissingRuntime = 9;
}
