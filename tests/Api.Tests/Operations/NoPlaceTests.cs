using ActorEmbed.Tests.Shared.Models;
using ActorEmbed.Tests.Shared.Processes;

namespace ActorEmbed.Api.Tests.Operations;

public sealed class NoPlaceTests : IDisposable
{
    private readonly DirectoryInfo _temporary = Directory.CreateTempSubdirectory("actorembed-tmp-");

    public void Dispose() => _temporary.Delete(recursive: true);

    [PosixFact]
    public async Task A_model_that_can_be_kept_nowhere_is_compiled_into_the_directory_for_temporary_files_and_that_is_said()
    {
        using var model = TestModels.Copy(TestModels.XlmrTiny);
        // A file where the directory should be: so nobody can write there, whatever his rights.
        File.WriteAllText(model.Path(".actorembed"), "");
        File.Delete(model.Path("onnx/model.onnx"));
        await using var server = ServerProcess.Start(
            _temporary.FullName,
            [new("TMPDIR", _temporary.FullName), new("XDG_CACHE_HOME", model.Path(".actorembed"))],
            "serve", "--port", "0", "--model", model.Directory);
        await server.WaitUntilReadyAsync();
        Assert.True((await server.EmbedAsync("""{"texts":["a text"]}""")).IsSuccessStatusCode);

        server.Terminate();
        var (_, _, error) = await server.WaitForExitAsync();

        Assert.Contains(_temporary.FullName, error, StringComparison.Ordinal);
        Assert.Single(Directory.GetDirectories(_temporary.FullName, "actorembed-compiled*"));
    }
}
