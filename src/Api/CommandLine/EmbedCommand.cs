using System.CommandLine;
using ActorEmbed.Api.CommandLine.Embedding;
using ActorEmbed.Api.Configuration;
using ActorEmbed.Api.Hosting.Models;
using ActorEmbed.Inference;
using ActorEmbed.Inference.Devices;
using ActorEmbed.Inference.Hub;
using Microsoft.Extensions.Logging.Abstractions;

namespace ActorEmbed.Api.CommandLine;

/// <summary><c>actorembed embed</c>: texts to vectors without a server, for shells and scripts.</summary>
internal static class EmbedCommand
{
    private const string StandardInput = "-";

    /// <summary>EPIPE, the same on Linux and macOS; .NET passes it through.</summary>
    private const int BrokenPipe = 32;

    private static readonly Argument<string[]> Texts = new("text")
    {
        Description = "Texts; without any, the lines of --input.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private static readonly Option<string> Input = new("--input", "-i")
    {
        Description = "File with a text a line, in UTF-8; - for standard input.",
        HelpName = "FILE",
        DefaultValueFactory = _ => StandardInput,
    };

    private static readonly Option<bool> JsonInput = new("--input-jsonl")
    {
        Description = "Each line is a JSON string, or an object with the string 'text': for texts of several lines.",
    };

    private static readonly Option<string?> Output = new("--output", "-o")
    {
        Description = "File to write; without it, standard output.",
        HelpName = "FILE",
    };

    private static readonly Option<string> Format = new Option<string>("--format", "-f")
    {
        Description = "jsonl: an object a line, as they are known; npy: a NumPy array; raw: float32, little-endian, nothing else.",
        DefaultValueFactory = _ => nameof(VectorFormat.Jsonl).ToLowerInvariant(),
    }.AcceptOnlyFromAmong([.. Enum.GetNames<VectorFormat>().Select(name => name.ToLowerInvariant())]);

    private static readonly Option<bool> NoNormalize = new("--no-normalize") { Description = "Leave vectors as the model gives them." };

    private static readonly Option<string?> PromptName = new("--prompt-name")
    {
        Description = "Name of the model's prompt that goes before each text; without it the model's default, if it has one.",
        HelpName = "NAME",
    };

    private static readonly Option<string?> InputKind = new("--input-type")
    {
        Description = "What the texts are, query or document: the model's prompt for it goes before each, if it has one.",
        HelpName = "TYPE",
    };

    private static readonly SettingOption[] Settings = [.. ServerSettingOptions.OfTheModel, ServerSettingOptions.Device, ServerSettingOptions.Precision];

    public static Command Create(Interruption interruption)
    {
        var command = new Command("embed", "Embed texts from arguments, a file or standard input, without a server.")
        {
            Texts, Input, JsonInput, Output, Format, NoNormalize, PromptName, InputKind,
        };
        foreach (var setting in Settings)
            command.Options.Add(setting.Option);
        command.SetAction((arguments, _) => RunAsync(arguments, interruption));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, Interruption interruption)
    {
        var format = Enum.Parse<VectorFormat>(arguments.GetValue(Format)!, ignoreCase: true);
        var path = arguments.GetValue(Output);
        if (format != VectorFormat.Jsonl && path is null && !Console.IsOutputRedirected)
            throw new CommandFailure(ExitCode.BadOption, $"{format} is binary and standard output is a terminal: use --output FILE, or redirect.");

        var prompt = ReadPrompt(arguments);
        var options = SettingsReader.Read([.. Settings.Select(setting => setting.Read(arguments)).OfType<GivenSetting>()]).Options;
        var choice = ModelChoice.For(options, Environment.GetEnvironmentVariable);
        DeviceCheck.Require(options.Device);
        if (options.Model is null)
            Console.Error.WriteLine($"actorembed: Model: {choice.Reason}");
        try
        {
            using var input = Open(arguments);
            using var output = new OutputTarget(path);
            await RunAsync(choice, options.ToModelOptions(), input, output, format, !arguments.GetValue(NoNormalize), prompt, interruption.Token);
            output.Commit();
            return ExitCode.Success;
        }
        catch (OperationCanceledException)
        {
            throw new CommandFailure(ExitCode.Interrupted, "Interrupted.");
        }
        catch (IOException e) when (e.HResult == BrokenPipe)
        {
            // The reader of the pipe has all it wanted, as with 'head'.
            return ExitCode.Success;
        }
        catch (InvalidDataException e)
        {
            throw new CommandFailure(ExitCode.BadOption, e.Message, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(ExitCode.BadOption, $"Cannot read or write: {e.Message}", e);
        }
    }

    private static async Task RunAsync(
        ModelChoice choice, ModelOptions options, TextSource input, OutputTarget output, VectorFormat format, bool normalize,
        PromptChoice? prompt, CancellationToken cancellation)
    {
        using var pull = PullProgressWriter.ForStandardError(choice.Hub?.ShowProgressBar ?? false);
        using var source = new ModelSource(choice, options, pull, NullLogger.Instance);
        using var model = source.Load(cancellation);
        if (model.Info.Kind == ModelKind.Reranker)
            throw new CommandFailure(ExitCode.BadOption, $"{model.Info.Id} is a reranker: it scores texts against a query and gives no vectors.");
        if (!model.Info.Prompts.TryFind(prompt, out _, out var whyNot))
            throw new CommandFailure(ExitCode.BadOption, $"--prompt-name: there is no prompt '{prompt!.Name}': {whyNot}.");
        IVectorWriter writer = format switch
        {
            VectorFormat.Npy => new NpyWriter(output.Stream, model.Info.Dimensions),
            VectorFormat.Raw => new RawWriter(output.Stream),
            _ => new JsonLinesWriter(output.Stream),
        };
        using var temporaryFile = writer as IDisposable;
        using var progress = new EmbedProgress(TimeProvider.System);
        var run = new EmbedRun(model, input, writer, progress) { Normalize = normalize, Prompt = prompt };
        await run.RunAsync(cancellation);
        if (run.Truncated > 0)
        {
            progress.Dispose();
            Console.Error.WriteLine($"actorembed: {run.Truncated} texts have more than the {model.Info.MaxTokens} tokens that the model takes; they were cut.");
        }
    }

    private static PromptChoice? ReadPrompt(ParseResult arguments)
    {
        var (name, kind) = (arguments.GetValue(PromptName), arguments.GetValue(InputKind));
        if (name is not null && kind is not null)
            throw new CommandFailure(ExitCode.BadOption, "--prompt-name and --input-type exclude each other.");
        if (name is not null)
            return PromptChoice.Named(name);
        if (kind is null)
            return null;
        return InputTypes.TryParse(kind, out var inputType)
            ? PromptChoice.For(inputType.Value)
            : throw new CommandFailure(ExitCode.BadOption, $"--input-type must be {InputTypes.Known}, but is \"{kind}\".");
    }

    private static TextSource Open(ParseResult arguments)
    {
        var isJson = arguments.GetValue(JsonInput);
        if (arguments.GetValue(Texts) is { Length: > 0 } texts)
        {
            return arguments.GetResult(Input) is { Implicit: false }
                ? throw new CommandFailure(ExitCode.BadOption, "Texts are given as arguments and with --input: choose one.")
                : TextSource.Of(texts);
        }

        var path = arguments.GetValue(Input)!;
        if (path != StandardInput)
            return TextSource.Of(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read), isJson);
        if (!Console.IsInputRedirected)
            Console.Error.WriteLine("actorembed: Reading texts from the terminal, one a line; end with Ctrl+D (Ctrl+Z on Windows).");
        return TextSource.Of(Console.OpenStandardInput(), isJson);
    }
}
