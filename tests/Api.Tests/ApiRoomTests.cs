using ActorEmbed.Api.Http.Dialects;
using ActorEmbed.Api.Http.Errors;
using ArchUnitNET.Domain;
using ArchUnitNET.Fluent.Slices;
using ArchUnitNET.Loader;
using ArchUnitNET.xUnit;
using static ArchUnitNET.Fluent.ArchRuleDefinition;

namespace ActorEmbed.Api.Tests;

/// <summary>The folders of the Api project, by namespace: arrows between them point one way.</summary>
public sealed class ApiRoomTests
{
    private static readonly Architecture Api = new ArchLoader().LoadAssembly(typeof(ServerOptions).Assembly).Build();

    [Fact]
    public void No_room_leads_back_to_itself() =>
        SliceRuleDefinition.Slices().Matching("ActorEmbed.Api.(**)").Should().BeFreeOfCycles().Check(Api);

    [Fact]
    public void A_dialect_knows_no_other_dialect()
    {
        var dialects = typeof(IDialect).Namespace!;

        SliceRuleDefinition.Slices().Matching(dialects + ".(*)").Should().NotDependOnEachOther().Check(Api);
    }

    [Fact]
    public void Errors_bodies_and_answers_know_no_dialect()
    {
        var http = typeof(ErrorFormat).Namespace![..typeof(ErrorFormat).Namespace!.LastIndexOf('.')];
        var dialects = typeof(IDialect).Namespace!;

        foreach (var room in new[] { ".Errors", ".Bodies", ".Answers", ".Safety" })
        {
            Types().That().ResideInNamespaceMatching($"^{http}{room}").Should().NotDependOnAny(
                Types().That().ResideInNamespaceMatching($"^{dialects}")).Check(Api);
        }
    }
}
