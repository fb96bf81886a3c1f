using System.CommandLine;
using System.Text.Json;
using ActorEmbed.Api.Hosting.Models;
using ActorEmbed.Inference.Hub;

namespace ActorEmbed.Api.CommandLine;

/// <summary><c>actorembed models</c>: what is on the disk, and how much room it takes.</summary>
internal static class ModelsCommand
{
    private static readonly Option<bool> Json = new("--json") { Description = "One JSON object a line." };

    public static Command Create(Interruption interruption)
    {
        var command = new Command("models", "List the models on the disk, with their sizes.") { Json };
        command.SetAction(arguments => Run(arguments.GetValue(Json), interruption));
        return command;
    }

    private static int Run(bool asJson, Interruption interruption)
    {
        interruption.EndProcess();
        var options = HubOptions.FromEnvironment(Environment.GetEnvironmentVariable);
        var models = LocalModel.All(options);
        if (asJson)
        {
            foreach (var model in models)
                Console.Out.WriteLine(JsonSerializer.Serialize(model, JsonSerializerOptions.Web));
            return ExitCode.Success;
        }

        var width = models.Max(model => model.Id.Length);
        foreach (var model in models)
            Console.Out.WriteLine($"{model.Id.PadRight(width)}  {ByteSize.Format(model.Bytes),8}  {(model.IsComplete ? "complete  " : "incomplete")}  {model.Directory}  ({model.Source})");
        Console.Error.WriteLine($"Cache: {options.CacheDirectory}");
        return ExitCode.Success;
    }
}
