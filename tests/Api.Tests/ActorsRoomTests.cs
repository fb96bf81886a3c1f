using ActorEmbed.Actors.Hosting;
using ActorEmbed.Actors.Router;
using ArchUnitNET.Domain;
using ArchUnitNET.Fluent.Slices;
using ArchUnitNET.Loader;
using ArchUnitNET.xUnit;
using static ArchUnitNET.Fluent.ArchRuleDefinition;

namespace ActorEmbed.Api.Tests;

/// <summary>The folders of the Actors project, by namespace: arrows between them point one way.</summary>
public sealed class ActorsRoomTests
{
    private const string Root = "ActorEmbed.Actors";

    private static readonly Architecture Actors = new ArchLoader().LoadAssemblies(typeof(BatchRouterActor).Assembly, typeof(Akka.Actor.IActorRef).Assembly).Build();

    /// <summary>Which rooms each room may know.</summary>
    public static TheoryData<string, string[]> Arrows { get; } = new()
    {
        { "Messages", [] },
        { "WorkProtocol", ["Messages"] },
        { "Scheduling", ["Messages", "WorkProtocol"] },
        { "Inference", ["Messages", "WorkProtocol", "Scheduling"] },
        { "Router", ["Messages", "WorkProtocol", "Scheduling", "Inference"] },
        { "Hosting", ["Messages", "Scheduling", "Inference", "Router"] },
        { "Clustering.Wire", ["Messages", "WorkProtocol"] },
        { "Clustering", ["Messages", "WorkProtocol", "Scheduling", "Inference", "Router", "Hosting", "Clustering.Wire"] },
    };

    [Fact]
    public void No_room_leads_back_to_itself() => SliceRuleDefinition.Slices().Matching(Root + ".(**)").Should().BeFreeOfCycles().Check(Actors);

    [Theory]
    [MemberData(nameof(Arrows))]
    public void A_room_knows_only_those_that_it_may(string room, string[] known)
    {
        var forbidden = RoomsOf(typeof(BatchRouterActor)).Except([room, .. known]).ToArray();

        Types().That().ResideInNamespaceMatching(Only(room)).Should().NotDependOnAny(
            Types().That().ResideInNamespaceMatching(Only(forbidden))).Check(Actors);
    }

    [Fact]
    public void Every_room_has_its_arrows() =>
        Assert.Equal(Arrows.Select(row => (string)row[0]).Order(StringComparer.Ordinal), RoomsOf(typeof(BatchRouterActor)));

    [Fact]
    public void Scheduling_knows_no_actors() => Types().That().ResideInNamespaceMatching(Only("Scheduling")).Should().NotDependOnAny(
        Types().That().HaveName(nameof(Akka.Actor.IActorRef)).Or().HaveName(nameof(Akka.Actor.IWithTimers))).Check(Actors);

    [Fact]
    public void What_only_method_bodies_know_is_seen() =>
        Assert.Throws<FailedArchRuleException>(() => Types().That().HaveName(nameof(ActorEmbedHosting)).Should().NotDependOnAny(
            Types().That().HaveName(nameof(BatchRouterActor))).Check(Actors));

    private static string[] RoomsOf(System.Type inAssembly) =>
        [.. inAssembly.Assembly.GetTypes().Select(type => type.Namespace).OfType<string>()
            .Where(name => name.StartsWith(Root + ".", StringComparison.Ordinal)).Select(name => name[(Root.Length + 1)..])
            .Distinct().Order(StringComparer.Ordinal)];

    private static string Only(params string[] rooms) =>
        $"^{Root.Replace(".", @"\.", StringComparison.Ordinal)}\\.({string.Join('|', rooms.Select(room => room.Replace(".", @"\.", StringComparison.Ordinal)))})$";
}
