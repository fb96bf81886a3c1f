using System.Globalization;
using System.Runtime.CompilerServices;
using ActorEmbed.Bench.Compiled;
using ActorEmbed.Bench.Families;
using ActorEmbed.Bench.Peers;
using ActorEmbed.Bench.Real;
using ActorEmbed.Bench.StandIn;
using ActorEmbed.Bench.Static;
using ActorEmbed.Bench.Tokenizers;
using ActorEmbed.Inference;
using ActorEmbed.Tests.RealModels;

// Before ONNX Runtime is used without the library: it keeps usage events from being sent.
RuntimeHelpers.RunModuleConstructor(typeof(IEmbeddingModel).Module.ModuleHandle);

// actorembed bench: what to measure is the first argument. The model is written where the third says, or under
// artifacts/, which git ignores.
switch (args)
{
    case [ProcessBench.ChildCommand, var variant, var directory, var mode]:
        ProcessBench.RunChild(variant, directory, mode);
        return 0;
    case ["standin", ..]:
        StandInModel.Ensure(StandInDirectory());
        return 0;
    case ["compiled", ..]:
        StandInModel.Ensure(StandInDirectory());
        CompiledBench.Run(StandInDirectory(), Path.Combine("bench", "results"), Rounds());
        return 0;
    case ["lone", ..]:
        StandInModel.Ensure(StandInDirectory());
        CompiledBench.RunLone(StandInDirectory());
        return 0;
    case ["cold", ..]:
        StandInModel.Ensure(StandInDirectory());
        ColdBench.Run(StandInDirectory());
        return 0;
    case ["peers-files", _, var directory]:
        StandInModel.Ensure(StandInDirectory());
        PeerFiles.Ensure(StandInDirectory(), Path.GetFullPath(directory));
        return 0;
    case ["serve-plain", _, var threads]:
        PlainServer.RunStandIn(StandInDirectory(), int.Parse(threads, CultureInfo.InvariantCulture));
        return 0;
    case ["real-peers-files", var name, var directory]:
        RealPeerFiles.Ensure(RealModel.Find(name), Path.GetFullPath(directory));
        return 0;
    case ["serve-graph", var name, var threads]:
        PlainServer.RunReal(RealModel.Find(name), int.Parse(threads, CultureInfo.InvariantCulture));
        return 0;
    case ["families", var directory, .. var wanted]:
        FamilyBench.Run(Path.GetFullPath(directory), wanted.Length == 0 ? Path.Combine("bench", "results") : null, wanted);
        return 0;
    case [FamilyChild.Command, var root, var name, var precision, var longest]:
        FamilyChild.Run(root, name, Enum.Parse<Precision>(precision), int.Parse(longest, CultureInfo.InvariantCulture));
        return 0;
    case ["static", var embedded]:
        StaticBench.Run(embedded, Path.Combine("artifacts", "static"));
        return 0;
    case ["real", ..]:
        new RealBench(Option("--texts"), Option("--sts"), int.Parse(Option("--rounds") ?? "15", CultureInfo.InvariantCulture)).Run();
        return 0;
    case ["lengths", var model, var variant, var minutes]:
        LengthSoak.Run(RealModel.Find(model), variant, TimeSpan.FromMinutes(double.Parse(minutes, CultureInfo.InvariantCulture)));
        return 0;
    case [RealChild.Command, var model, var variant]:
        RealChild.Run(model, variant);
        return 0;
    case ["tokenizers", var directory]:
        TokenizerBench.Run(directory);
        return 0;
    default:
        Console.Error.WriteLine("usage: ActorEmbed.Bench standin [directory] | lone [directory] | cold [directory] | compiled [directory] [rounds]"
            + " | peers-files directory PEERS | families DIRECTORY [PART_OF_A_NAME...] | serve-plain directory THREADS | tokenizers directory | static EMBEDDED_MODEL"
            + " | real-peers-files MODEL PEERS | serve-graph MODEL THREADS | lengths MODEL VARIANT MINUTES | real [--texts FILE] [--sts FILE.csv] [--rounds N]");
        Console.Error.WriteLine("families: every shape takes half an hour on two idle cores, and writes bench/results/families.md; with parts of names"
            + $" only those that have one, printed: {string.Join(", ", FamilyShapes.All.Select(shape => shape.Name))}. Qwen3 and embeddinggemma"
            + " stand beside llama.cpp once npm install --no-save --prefix bench/peers has been run.");
        return 1;
}

string StandInDirectory() => Path.GetFullPath(args.Length > 1 ? args[1] : Path.Combine("artifacts", "standin"));

string? Option(string name) => Array.IndexOf(args, name) is >= 0 and var place && place + 1 < args.Length ? args[place + 1] : null;

int Rounds() => args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 7;
