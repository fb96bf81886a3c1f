using ActorEmbed.Inference;
using ActorEmbed.Inference.Hub;

namespace ActorEmbed.Api.Hosting.Failures;

/// <summary>Why there is no model.</summary>
/// <param name="Reason">A word of <see cref="FailureReason"/>.</param>
/// <param name="ExitCode">What a process ends with for it.</param>
/// <param name="Message">One line for a person.</param>
internal sealed record LoadFailure(string Reason, int ExitCode, string Message)
{
    /// <summary>What the log says more of.</summary>
    public static LoadFailure UnusableModel { get; } = new(FailureReason.Model, Api.ExitCode.BadModel, "The model cannot be used; the log says why.");

    /// <inheritdoc cref="UnusableModel" />
    public static LoadFailure Inference { get; } = new(FailureReason.Inference, Api.ExitCode.InferenceFailed, "Inference failed for good; the log says why.");

    public static LoadFailure Of(Exception exception)
    {
        if (exception is ModelLoadException { InnerException: ModelPullException pull })
            return Of(pull);
        return exception switch
        {
            ModelPullException e => Of(e),
            _ when NativeLibraryFailure.IsIn(exception) => new(FailureReason.MissingRuntime, Api.ExitCode.MissingRuntime, exception.Message),
            ModelLoadException { IsOfDevice: true } => new(FailureReason.Device, Api.ExitCode.BadModel, exception.Message),
            ModelLoadException => new(FailureReason.Model, Api.ExitCode.BadModel, exception.Message),
            _ => new(FailureReason.Inference, Api.ExitCode.InferenceFailed, exception.Message),
        };
    }

    /// <summary>What may pass by itself is no fault of the settings: a parent may start the server again.</summary>
    private static LoadFailure Of(ModelPullException pull) => new(FailureReason.Of(pull.Failure), pull.Failure switch
    {
        PullFailure.Network or PullFailure.RateLimited or PullFailure.ServerError or PullFailure.DiskFull => Api.ExitCode.ModelUnavailable,
        PullFailure.InvalidSettings => Api.ExitCode.BadOption,
        _ => Api.ExitCode.BadModel,
    }, pull.Message);
}
