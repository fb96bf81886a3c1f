using System.Globalization;
using System.Runtime.CompilerServices;
using ActorEmbed.Bench.Compiled;
using ActorEmbed.Bench.Families;
using ActorEmbed.Bench.Peers;
using ActorEmbed.Bench.StandIn;
using ActorEmbed.Bench.Static;
using ActorEmbed.Bench.Tokenizers;
using ActorEmbed.Inference;

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
        PlainServer.Run(StandInDirectory(), int.Parse(threads, CultureInfo.InvariantCulture));
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
    case ["tokenizers", var directory]:
        TokenizerBench.Run(directory);
        return 0;
    default:
        Console.Error.WriteLine("usage: ActorEmbed.Bench standin [directory] | lone [directory] | cold [directory] | compiled [directory] [rounds]"
            + " | peers-files directory PEERS | families DIRECTORY [NAME...] | serve-plain directory THREADS | tokenizers directory | static EMBEDDED_MODEL");
        return 1;
}

string StandInDirectory() => Path.GetFullPath(args.Length > 1 ? args[1] : Path.Combine("artifacts", "standin"));

int Rounds() => args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 7;
