using System.ComponentModel.DataAnnotations;
using ActorEmbed.Api.Configuration;
using ActorEmbed.Inference;

namespace ActorEmbed.Api.Tests.Configuration;

public sealed class ModelSettingsTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("actorembed-models-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void Model_given_several_times_is_a_list_and_once_it_is_the_one()
    {
        Assert.Equal(["a", "b"], Served([Given("Model", "a", "b")]));
        Assert.Equal(["a"], Served([Given("Model", "a")]));
        Assert.Empty(Read([Given("Model", "a")]).Models);
        Assert.Equal(["(default)"], Served([]));
    }

    [Fact]
    public void An_entry_of_the_file_is_a_text_or_an_object_with_what_is_its_own()
    {
        WriteFile("""{"ActorEmbed":{"Precision":"int8","Models":["a",{"Model":"b","name":"exact","PRECISION":"fp32","Pooling":"cls","Revision":"v1","Variant":"O4"}]}}""");

        var options = Read([]);

        var (first, second) = (options.ToModelOptions(options.Models[0]), options.ToModelOptions(options.Models[1]));
        Assert.Equal(["a", "b"], options.Models.Select(entry => entry.Model!));
        Assert.Equal((Precision.Int8, null, null, null), (first.Precision, options.Models[0].Name, first.Variant, first.Pooling));
        Assert.Equal((Precision.Fp32, "exact", "O4", PoolingMode.Cls), (second.Precision, options.Models[1].Name, second.Variant, second.Pooling));
        Assert.Equal("v1", options.Models[1].Revision);
    }

    [Fact]
    public void The_environment_has_a_list_with_commas_or_numbered_entries()
    {
        Assert.Equal(["a", "b"], Served([], ("ACTOREMBED_MODELS", "a, b")));

        var numbered = Read([], ("ACTOREMBED_MODELS__0__MODEL", "a"), ("ACTOREMBED_MODELS__1__MODEL", "b"), ("ActorEmbed__Models__1__Name", "second"));
        Assert.Equal([("a", null), ("b", "second")], numbered.Models.Select(entry => (entry.Model, entry.Name)));
    }

    [Fact]
    public void Which_models_are_served_comes_whole_from_the_first_source_that_says_anything_of_it()
    {
        WriteFile("""{"ActorEmbed":{"Models":["a",{"Model":"b","Name":"x"}]}}""");
        Assert.Equal(["c"], Served([Given("Model", "c")]));
        Assert.Equal(["c"], Served([], ("ACTOREMBED_MODEL", "c")));
        Assert.Equal(["d", "e"], Served([Given("Model", "d", "e")], ("ACTOREMBED_MODEL", "c")));

        WriteFile("""{"ActorEmbed":{"Model":"a"}}""");
        Assert.Equal(["c", "d"], Served([], ("ACTOREMBED_MODELS", "c,d")));
    }

    [Theory]
    [InlineData("""{"Model":"a","Models":["b"]}""", "Model and Models exclude each other")]
    [InlineData("""{"Models":["a","A"]}""", "'a' is there 2 times; give each a Name")]
    [InlineData("""{"Models":[{"Name":"x"}]}""", "Models:0 has no Model")]
    [InlineData("""{"Models":[{"Model":"a","Name":" "}]}""", "Models:0:Name must be a text")]
    [InlineData("""{"Models":[{"Model":"a","Precision":"fp8"}]}""", "Models:0:Precision must be fp32 or int8 or fp16, but is 'fp8' (appsettings.json)")]
    [InlineData("""{"Models":[{"Model":"a","Colour":"red"}]}""", "'Models:0:Colour' is no setting (appsettings.json)")]
    [InlineData("""{"Models":["a","b"],"Revision":"v1"}""", "Revision belongs to one model: say it of each in Models (appsettings.json: v1)")]
    [InlineData("""{"Models":["a"],"Cluster":{"Roles":"router"}}""", "Model: a router runs none")]
    public void What_is_wrong_is_said_with_its_place(string section, string message)
    {
        WriteFile($$"""{"ActorEmbed":{{section}}}""");

        var error = Assert.Throws<ValidationException>(() => Read([]));

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    private static GivenSetting Given(string path, params string[] values) => new(path, $"--test-{path}", values);

    private void WriteFile(string json) => File.WriteAllText(Path.Combine(_directory.FullName, "appsettings.json"), json);

    private IEnumerable<string> Served(IReadOnlyList<GivenSetting> commandLine, params (string Name, string Value)[] environment) =>
        Read(commandLine, environment).ServedModels.Select(entry => entry.Model ?? "(default)");

    private ServerOptions Read(IReadOnlyList<GivenSetting> commandLine, params (string Name, string Value)[] environment) =>
        SettingsReader.Read(commandLine, environment.Select(variable => KeyValuePair.Create(variable.Name, variable.Value)), _directory.FullName).Options;
}
