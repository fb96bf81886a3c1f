using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using ActorEmbed.Actors.Router;
using ActorEmbed.Inference;
using ActorEmbed.Inference.Loading;

namespace ActorEmbed.Api.Tests;

public sealed class DependencyTests
{
    [Theory]
    [InlineData(typeof(ModelLoader), "Akka", "Microsoft.AspNetCore", "ActorEmbed", "actorembed")]
    [InlineData(typeof(BatchRouterActor), "Microsoft.AspNetCore", "actorembed")]
    public void Projects_depend_in_one_direction(Type inProject, params string[] forbidden)
    {
        var references = inProject.Assembly.GetReferencedAssemblies().Select(r => r.Name!);

        Assert.DoesNotContain(references, name => forbidden.Any(f => name.StartsWith(f, StringComparison.Ordinal)));
    }

    /// <summary>What a published server leaves out, for it has no web pages, must not be needed by it.</summary>
    [Fact]
    public void The_server_refers_to_nothing_that_its_publishing_leaves_out()
    {
        var project = typeof(DependencyTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "ApiProject").Value!;
        var leftOut = XDocument.Load(project).Descendants("WebPageAssemblies").Single().Value;

        Assert.Matches(leftOut, "Microsoft.AspNetCore.Mvc.Core");
        Assert.DoesNotContain(typeof(ServerOptions).Assembly.GetReferencedAssemblies(), reference => Regex.IsMatch(reference.Name!, leftOut));
    }

    [Fact]
    public void The_model_is_not_reached_around_the_actors()
    {
        var handlers = typeof(ServerOptions).Assembly.GetTypes().Where(t => t.Namespace?.StartsWith("ActorEmbed.Api.Http", StringComparison.Ordinal) == true);
        var dependencies = handlers.SelectMany(t => t.GetConstructors(BindingFlags.Public | BindingFlags.Instance))
            .SelectMany(c => c.GetParameters()).Select(p => p.ParameterType);

        Assert.DoesNotContain(typeof(IEmbeddingModel), dependencies);
    }
}
