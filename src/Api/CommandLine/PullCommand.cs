using System.CommandLine;
using ActorEmbed.Api.Hosting.Events;
using ActorEmbed.Api.Hosting.Failures;
using ActorEmbed.Api.Hosting.Models;
using ActorEmbed.Inference.Hub;
using ActorEmbed.Inference.Loading;

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
        Description = "The X of onnx/model_X.onnx, instead of what is best here.",
        HelpName = "X",
    };

    private static readonly Option<bool> Json = new("--json")
    {
        Description = "Progress and result as one JSON object a line on standard output.",
    };

    private static readonly Option<bool> ExitWithParent = new("--exit-with-parent")
    {
        Description = "Stop when standard input is closed.",
    };

    public static Command Create(Interruption interruption)
    {
        var command = new Command("pull", "Get a model from the Hugging Face hub; prints the directory that holds it.")
        {
            Model, Revision, Variant, Json, ExitWithParent,
        };
        command.SetAction((arguments, _) => RunAsync(arguments, interruption));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, Interruption interruption)
    {
        var events = arguments.GetValue(Json) ? new EventLines(Console.Out) : null;
        try
        {
            var (model, directory) = arguments.GetValue(Model) == EmbeddedModel.Name
                ? (EmbeddedModel.Name, EmbeddedModel.Directory)
                : await PullAsync(arguments, events, interruption);
            if (events is null)
            {
                Console.Error.WriteLine($"actorembed: {model}: {ModelLoader.Inspect(directory, arguments.GetValue(Variant)).Source}");
                Console.Out.WriteLine(directory);
            }
            else
                events.Pulled(model, directory);
            return ExitCode.Success;
        }
        catch (ModelPullException e)
        {
            events?.Failed(LoadFailure.Of(e).Reason, e.Message);
            throw;
        }
    }

    private static async Task<(string Model, string Directory)> PullAsync(
        ParseResult arguments, EventLines? events, Interruption interruption)
    {
        var reference = ModelReference.Parse(arguments.GetValue(Model)!, arguments.GetValue(Revision), arguments.GetValue(Variant));
        using var ended = arguments.GetValue(ExitWithParent) ? EndOfInput.Watch() : null;
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(interruption.Token, ended?.Token ?? CancellationToken.None);
        var options = HubOptions.FromEnvironment(Environment.GetEnvironmentVariable);
        using var hub = new ModelHub(options);
        using var progress = PullProgressWriter.ForStandardError(options.ShowProgressBar);
        var load = new LoadProgress();
        using var lines = events is null ? null : new ProgressLines(load, events, TimeProvider.System);
        if (events is null)
            load.Reported += progress.Report;
        try
        {
            return (reference.Id, await hub.PullAsync(reference, load, cancellation.Token));
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            progress.Dispose();
            throw new CommandFailure(ExitCode.Interrupted, $"Interrupted; what arrived is kept, and the next pull of {reference} goes on from there.");
        }
    }
}
