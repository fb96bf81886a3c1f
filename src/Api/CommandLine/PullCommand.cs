using System.CommandLine;
using ActorEmbed.Inference.Hub;

namespace ActorEmbed.Api.CommandLine;

/// <summary><c>actorembed pull</c>: gets a model onto the disk and says where it lies.</summary>
internal static class PullCommand
{
    private static readonly Argument<string> Model = new("model")
    {
        Description = "owner/name, or the short name of a sentence-transformers model.",
    };

    private static readonly Option<string?> Revision = new("--revision")
    {
        Description = "Branch, tag or full commit.",
        HelpName = "REV",
    };

    private static readonly Option<string?> Variant = new("--variant")
    {
        Description = "The X of onnx/model_X.onnx, instead of the model's main weights.",
        HelpName = "X",
    };

    public static Command Create(Interruption interruption)
    {
        var command = new Command("pull", "Get a model from the Hugging Face hub; prints the directory that holds it.") { Model, Revision, Variant };
        command.SetAction((arguments, _) => RunAsync(ModelReference.Parse(
            arguments.GetValue(Model)!, arguments.GetValue(Revision), arguments.GetValue(Variant)), interruption));
        return command;
    }

    private static async Task<int> RunAsync(ModelReference reference, Interruption interruption)
    {
        var options = HubOptions.FromEnvironment(Environment.GetEnvironmentVariable);
        using var hub = new ModelHub(options);
        using var progress = PullProgressWriter.ForStandardError(options.ShowProgressBar);
        try
        {
            Console.Out.WriteLine(await hub.PullAsync(reference, progress, interruption.Token));
            return ExitCode.Success;
        }
        catch (OperationCanceledException) when (interruption.Token.IsCancellationRequested)
        {
            progress.Dispose();
            throw new CommandFailure(ExitCode.Interrupted, $"Interrupted; what arrived is kept, and the next pull of {reference} goes on from there.");
        }
    }
}
