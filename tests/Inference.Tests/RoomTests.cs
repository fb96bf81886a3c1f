using ArchUnitNET.Domain;
using ArchUnitNET.Loader;
using ArchUnitNET.xUnit;
using static ArchUnitNET.Fluent.ArchRuleDefinition;

namespace ActorEmbed.Inference.Tests;

/// <summary>The arrows between the rooms of the project point one way.</summary>
public sealed class RoomTests
{
    private const string Project = "ActorEmbed.Inference";

    private static readonly Architecture Code = new ArchLoader().LoadAssemblies(typeof(IEmbeddingModel).Assembly).Build();

    [Theory]
    [InlineData(Project)]
    [InlineData($"{Project}.Graphs")]
    public void No_two_rooms_need_each_other(string house) => Assert.Empty(MutualNeeds(Code, house));

    [Fact]
    public void Two_rooms_that_need_each_other_are_found()
    {
        var tests = new ArchLoader().LoadAssemblies(typeof(RoomTests).Assembly).Build();

        Assert.Equal(["One <-> Other", "Other <-> One"], MutualNeeds(tests, "ActorEmbed.Inference.Tests.Rooms").Order());
    }

    [Theory]
    [InlineData("Weights", "Graphs")]
    [InlineData("Graphs", "Encoders")]
    [InlineData("Graphs", "Devices")]
    [InlineData("Devices", "Encoders")]
    [InlineData("Encoders", "Compilation")]
    [InlineData("Compilation", "Loading")]
    [InlineData("Files", "Weights")]
    [InlineData("Models", "Loading")]
    [InlineData("Tokenization", "Compilation")]
    public void A_room_knows_nothing_of_the_rooms_above_it(string room, string above) => Types()
        .That().ResideInNamespaceMatching($@"^{Project}\.{room}(\.|$)")
        .Should().NotDependOnAny(Types().That().ResideInNamespaceMatching($@"^{Project}\.{above}(\.|$)"))
        .Check(Code);

    [Theory]
    [InlineData(Project)]
    [InlineData($"{Project}.Graphs", "Pieces", "Products", "PostNorm", "RotaryPostNorm", "Decoders", "Families")]
    public void What_a_room_is_built_on_knows_nothing_of_the_rooms_in_it(string room, params string[] within)
    {
        var inner = within.Length == 0 ? "" : $"({string.Join('|', within)})";
        Types()
            .That().ResideInNamespaceMatching($"^{room}$")
            .Should().NotDependOnAny(Types().That().ResideInNamespaceMatching($@"^{room}\.{inner}"))
            .Check(Code);
    }

    [Fact]
    public void The_cache_of_compiled_models_knows_nothing_of_compiling() => Types()
        .That().ResideInNamespaceMatching($@"^{Project}\.Compilation\.Cache$")
        .Should().NotDependOnAny(Types().That().ResideInNamespaceMatching($@"^{Project}\.Compilation$"))
        .Check(Code);

    /// <summary>Pairs of rooms, directly in a namespace, of which each can be reached from the other.</summary>
    private static IEnumerable<string> MutualNeeds(Architecture code, string house)
    {
        var needs = code.Types
            .SelectMany(type => type.Dependencies)
            .Select(need => (From: RoomOf(need.Origin, house), To: RoomOf(need.Target, house)))
            .Where(need => need.From is not null && need.To is not null && need.From != need.To)
            .Distinct()
            .ToLookup(need => need.From!, need => need.To!);
        var reached = needs.ToDictionary(group => group.Key, group => ReachedFrom(group.Key, needs));
        return from room in reached.Keys
               from other in reached[room]
               where other != room && reached.TryGetValue(other, out var back) && back.Contains(room)
               select $"{room} <-> {other}";
    }

    private static HashSet<string> ReachedFrom(string room, ILookup<string, string> needs)
    {
        var reached = new HashSet<string>();
        var ahead = new Stack<string>([room]);
        while (ahead.TryPop(out var next))
        {
            foreach (var needed in needs[next].Where(reached.Add))
                ahead.Push(needed);
        }

        return reached;
    }

    /// <summary>The part of a type's namespace that follows the house's.</summary>
    private static string? RoomOf(IType type, string house) =>
        type.Namespace?.FullName is { } place && place.StartsWith(house + '.', StringComparison.Ordinal)
            ? place[(house.Length + 1)..].Split('.')[0]
            : null;
}
