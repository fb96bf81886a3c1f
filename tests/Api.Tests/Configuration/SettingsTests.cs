using System.ComponentModel.DataAnnotations;
using ActorEmbed.Api.Configuration;

namespace ActorEmbed.Api.Tests.Configuration;

public sealed class SettingsTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("actorembed-settings-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void The_command_line_wins_over_the_environment_and_that_over_the_file_and_that_over_the_defaults()
    {
        WriteFile("""{"ActorEmbed":{"Port":1,"Threads":1,"MaxTexts":1}}""");

        var options = Read([Given("Port", "3")], ("ACTOREMBED_PORT", "2"), ("ACTOREMBED_THREADS", "2")).Options;

        Assert.Equal((3, 2, 1, new ServerOptions().MaxConnections), (options.Port, options.Threads, options.MaxTexts, options.MaxConnections));
    }

    [Theory]
    [InlineData("ACTOREMBED_SCHEDULING__MAXTEXTSPERBATCH")]
    [InlineData("ACTOREMBED_SCHEDULING__MAX_TEXTS_PER_BATCH")]
    [InlineData("ActorEmbed_Scheduling__MaxTextsPerBatch")]
    public void A_variable_may_be_written_with_or_without_underscores(string name)
    {
        Assert.Equal(7, Read([], (name, "7")).Options.Scheduling.MaxTextsPerBatch);
    }

    [Theory]
    [InlineData("ACTOREMBED_CLUSTER_SECRET", "ACTOREMBED_CLUSTER__SECRET")]
    [InlineData("ACTOREMBED_SECRET", "ACTOREMBED_CLUSTER__SECRET")]
    [InlineData("ACTOREMBED_API_KEYS", "ACTOREMBED_API_KEY")]
    [InlineData("ACTOREMBED_KEY", "ACTOREMBED_API_KEY")]
    [InlineData("ACTOREMBED_TOKEN", "ACTOREMBED_API_KEY")]
    [InlineData("ACTOREMBED_PASSWORD", "ACTOREMBED_API_KEY")]
    [InlineData("ACTOREMBED_API_TOKEN", "ACTOREMBED_API_KEY")]
    [InlineData("ACTOREMBED_AUTH", "ACTOREMBED_API_KEY")]
    [InlineData("ACTOREMBED_AUTHTOKEN", "ACTOREMBED_API_KEY")]
    [InlineData("ACTOREMBED_JWT", "ACTOREMBED_API_KEY")]
    [InlineData("ACTOREMBED_BEARER_TOKEN", "ACTOREMBED_API_KEY")]
    [InlineData("actorembed_key", "ACTOREMBED_API_KEY")]
    [InlineData("ActorEmbed__Token", "ACTOREMBED_API_KEY")]
    [InlineData("ActorEmbed:ApiToken", "ACTOREMBED_API_KEY")]
    [InlineData("ActorEmbed__AccessKey", "ACTOREMBED_API_KEY")]
    [InlineData("ACTOR_EMBED_API_KEY", "ACTOREMBED_API_KEY")]
    [InlineData("ACTOREMBEDAPIKEY", "ACTOREMBED_API_KEY")]
    [InlineData("ACTOREMBED_CLUSTER_KEY", "ACTOREMBED_CLUSTER__SECRET")]
    [InlineData("ACTOREMBED_MAXTEXT", "ACTOREMBED_MAX_TEXTS")]
    [InlineData("ACTOREMBED_PROT", "ACTOREMBED_PORT")]
    [InlineData("ACTOREMBED_REQUEST_TIMEOUT", "ACTOREMBED_SCHEDULING__REQUEST_TIMEOUT")]
    [InlineData("ACTOREMBED_MAX_TOKENS_PER_BATCH", "ACTOREMBED_SCHEDULING__MAX_TOKENS_PER_BATCH")]
    [InlineData("ACTOREMBED_EXPECT_MODEL", "ACTOREMBED_CLUSTER__EXPECTED_MODEL")]
    [InlineData("ACTOREMBED_SCHEDULING_REQUEST_TIMEOUT", "ACTOREMBED_SCHEDULING__REQUEST_TIMEOUT")]
    public void A_variable_that_is_nearly_a_setting_is_an_error_that_names_it_and_shows_no_value(string name, string meant)
    {
        var error = Assert.Throws<ValidationException>(() => Read([], (name, "0123456789abcdef0123456789abcdef")));

        Assert.Contains($"{name} is no setting; did you mean {meant}?", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("0123456789", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_router_that_is_given_a_model_is_told_how_to_name_the_one_it_serves()
    {
        var error = Assert.Throws<ValidationException>(() => Read([Given("Cluster:Roles", "router"), Given("Model", "some/model")]));

        Assert.Contains("--expect-model", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_setting_is_found_under_the_name_of_its_variable()
    {
        Assert.All(Setting.All, setting =>
        {
            var (settings, unknown) = EnvironmentSettings.Read([KeyValuePair.Create(EnvironmentSettings.NameOf(setting), "x")]);
            Assert.Equal(setting.Path, Assert.Single(settings).Path);
            Assert.Empty(unknown);
        });
        Assert.Contains("ACTOREMBED_API_KEY", Setting.All.Select(EnvironmentSettings.NameOf));
    }

    [Theory]
    [InlineData("90", 90)]
    [InlineData("0.5", 0.5)]
    [InlineData("250ms", 0.25)]
    [InlineData("2m", 120)]
    [InlineData("1h", 3600)]
    [InlineData("00:01:30", 90)]
    public void A_time_is_seconds_unless_it_says_otherwise(string text, double seconds)
    {
        Assert.Equal(TimeSpan.FromSeconds(seconds), Read([], ("ACTOREMBED_SCHEDULING__REQUEST_TIMEOUT", text)).Options.Scheduling.RequestTimeout);
    }

    [Fact]
    public void Lists_come_repeated_with_commas_or_as_a_json_list()
    {
        WriteFile("""{"ActorEmbed":{"AllowedHosts":["a.example","b.example"]}}""");

        Assert.Equal(["a.example", "b.example"], Read([]).Options.AllowedHosts);
        Assert.Equal(["c.example", "d.example"], Read([], ("ACTOREMBED_ALLOWED_HOSTS", "c.example, d.example")).Options.AllowedHosts);
        Assert.Equal(["e.example"], Read([Given("AllowedHosts", "e.example")], ("ACTOREMBED_ALLOWED_HOSTS", "c.example")).Options.AllowedHosts);
    }

    [Fact]
    public void All_errors_are_told_together_each_with_its_setting_and_where_it_was_given()
    {
        WriteFile("""{"ActorEmbed":{"MaxTextz":5,"Scheduling":{"MaxTokensPerBatch":0}}}""");

        var e = Assert.Throws<ValidationException>(() => Read(
            [Given("Port", "many")], ("ACTOREMBED_THREADS", "0"), ("ACTOREMBED_ADDRESS", "example.com"), ("ACTOREMBED_CORS_ORIGINS", "app.example"),
            ("ACTOREMBED_ALLOWED_HOSTS", "http://x"), ("ACTOREMBED_MAX_BODY_BYTES_IN_TOTAL", "2000")));

        Assert.All(
            ["--test-Port", "ACTOREMBED_THREADS: 0", "MaxTextz", "appsettings.json", "MaxTokensPerBatch", "Address", "CorsOrigins", "AllowedHosts", "MaxBodyBytesInTotal"],
            named => Assert.Contains(named, e.Message, StringComparison.Ordinal));
        Assert.DoesNotContain('\n', e.Message);
    }

    [Theory]
    [InlineData("ACTOREMBED_MAX_TEXTS", "100000", "MaxTexts", "Scheduling:MaxQueuedTexts")]
    [InlineData("ACTOREMBED_SCHEDULING__MAX_QUEUED_TEXTS", "100", "MaxTexts", "Scheduling:MaxQueuedTexts")]
    [InlineData("ACTOREMBED_MAX_BODY_BYTES", "100000000", "MaxBodyBytes", "Scheduling:MaxQueuedBytes")]
    [InlineData("ACTOREMBED_SCHEDULING__MAX_QUEUED_BYTES", "1000000", "MaxBodyBytes", "Scheduling:MaxQueuedBytes")]
    public void A_request_that_could_never_fit_the_queue_is_an_error_that_names_both_settings(string variable, string value, params string[] named)
    {
        var e = Assert.Throws<ValidationException>(() => Read([], (variable, value)));

        Assert.All(named, name => Assert.Contains(name, e.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("clé")]
    public void A_bad_api_key_is_an_error_that_does_not_show_it(string key)
    {
        var e = Assert.Throws<ValidationException>(() => Read([], ("ACTOREMBED_API_KEY", key)));

        Assert.Contains("ApiKey", e.Message, StringComparison.Ordinal);
        if (key.Length > 0)
            Assert.DoesNotContain(key, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_json_is_named()
    {
        WriteFile("{");

        var e = Assert.Throws<ValidationException>(() => Read([]));

        Assert.Contains("appsettings.json", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_variable_that_is_no_setting_is_told_but_no_error()
    {
        Assert.Equal(["ACTOREMBED_COLOUR"], Read([], ("ACTOREMBED_COLOUR", "1"), ("OTHER", "1"), ("ACTOREMBEDDED_KEY", "1")).UnknownVariables);
    }

    [Fact]
    public void A_variable_of_the_clients_is_known()
    {
        Assert.Empty(Read([], ("ACTOREMBED_EXECUTABLE", "/opt/actorembed")).UnknownVariables);
    }

    [Fact]
    public void A_key_under_the_name_that_dotnet_gives_it_is_the_key()
    {
        Assert.Equal("a-key", Read([], ("ActorEmbed__ApiKey", "a-key")).Options.ApiKey);
    }

    private static GivenSetting Given(string path, params string[] values) => new(path, $"--test-{path}", values);

    private void WriteFile(string json) => File.WriteAllText(Path.Combine(_directory.FullName, "appsettings.json"), json);

    private EffectiveSettings Read(IReadOnlyList<GivenSetting> commandLine, params (string Name, string Value)[] environment) =>
        SettingsReader.Read(commandLine, environment.Select(variable => KeyValuePair.Create(variable.Name, variable.Value)), _directory.FullName);
}
