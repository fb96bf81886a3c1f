using System.Text.Json;
using ActorEmbed.Tests.Shared.Hub;

namespace ActorEmbed.Client.Tests.TypeScript;

public sealed class PackedPackagesTests(PackedPackages packages) : IClassFixture<PackedPackages>, IDisposable
{
    private const string OldModel = "sentence-transformers/paraphrase-multilingual-mpnet-base-v2";

    private const string Graph = "onnx/model.onnx";

    private const string Embed = """
        import { ActorEmbedService } from '@actorembed/client';
        const service = new ActorEmbedService({ port: 0, model: 'actorembed-starter-multilingual-256' });
        await service.startSidecar();
        const vector = await service.createClient().embed('text');
        console.log(JSON.stringify({ model: service.status.model, length: vector.length }));
        await service.stopSidecar();
        """;

    private readonly TemporaryFolder _models = new();

    public void Dispose() => _models.Dispose();

    [PackedFact]
    public async Task They_embed_a_text_in_an_empty_folder_without_a_network_and_without_dotnet()
    {
        var answer = Parse(await packages.RunAsync(Write("main.mjs", Embed)));

        Assert.Equal(("actorembed-starter-multilingual-256", 256), (answer.GetProperty("model").GetString(), answer.GetProperty("length").GetInt32()));
    }

    [PackedFact]
    public async Task They_work_in_the_layout_of_a_packaged_application_from_a_worker_thread()
    {
        // What packagers make of node_modules: the client in the archive, the server outside of it.
        const string archive = "resources/app.asar";
        const string unpacked = "resources/app.asar.unpacked/node_modules/@actorembed";
        Copy("node_modules/@actorembed/client", $"{archive}/node_modules/@actorembed/client");
        var server = Directory.GetDirectories(Path.Combine(packages.Application, "node_modules/@actorembed"), "server-*").Single();
        Copy(Path.GetRelativePath(packages.Application, server), $"{unpacked}/{Path.GetFileName(server)}");
        Write($"{archive}/worker.mjs", Embed);
        var main = Write($"{archive}/main.mjs", "import { Worker } from 'node:worker_threads';\nnew Worker(new URL('./worker.mjs', import.meta.url));");

        Assert.Equal(256, Parse(await packages.RunAsync(main)).GetProperty("length").GetInt32());
    }

    [PackedFact]
    public async Task A_program_of_the_old_sidecar_runs_with_the_import_path_changed_and_gets_the_old_model()
    {
        await using var hub = await MisbehavingHub.StartAsync(HubRepository.TinyModel(OldModel).Remove("model.safetensors"));
        var program = Write("old.mjs", OldProgram(""));

        var answer = Parse(await packages.RunAsync(program, Hub(hub.Endpoint.ToString())));

        Assert.Equal((true, 2, OldModel), (
            answer.GetProperty("healthy").GetBoolean(), answer.GetProperty("vectors").GetInt32(), answer.GetProperty("model").GetString()));
    }

    [PackedFact]
    public async Task A_program_of_the_old_sidecar_without_a_network_gets_one_line_that_helps_and_no_other_model()
    {
        var program = Write("offline.mjs", OldProgram(".catch((error) => { console.log(JSON.stringify({ reason: error.reason, message: error.message })); process.exit(0); })"));
        var environment = Hub("http://127.0.0.1:9");
        environment["HF_HUB_OFFLINE"] = "1";

        var answer = Parse(await packages.RunAsync(program, environment));

        Assert.Equal("offline", answer.GetProperty("reason").GetString());
        Assert.Contains("The model is downloaded once", answer.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [PackedFact]
    public async Task A_download_longer_than_the_start_may_be_silent_is_followed_until_the_network_fails()
    {
        using var gate = new SemaphoreSlim(5);
        await using var hub = await MisbehavingHub.StartAsync(HubRepository.TinyModel(OldModel).Remove("model.safetensors"));
        hub.Fail(Graph, new HubFault.Metered(1000, gate));
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        hub.OnRequest = request =>
        {
            if (request.File == Graph)
                asked.TrySetResult();
        };
        // The server tries again for a quarter of a minute, and says so.
        var program = Write("slow.mjs", $$"""
            import { ActorEmbedService } from '@actorembed/client';
            const service = new ActorEmbedService({ port: 0, model: '{{OldModel}}', modelsFolder: '{{_models.Path("hub")}}', startTimeout: 8000 });
            const fractions = [];
            service.on('progress', ({ fraction }) => fractions.push(fraction));
            await service.startSidecar().catch(({ reason, exitCode, message }) => console.log(JSON.stringify({ reason, exitCode, message, most: Math.max(...fractions) })));
            """);

        var running = packages.RunAsync(program, Hub(hub.Endpoint.ToString()));
        await Task.WhenAny(asked.Task, running);
        await hub.DisposeAsync();
        var answer = Parse(await running);

        Assert.Equal(("network", 8), (answer.GetProperty("reason").GetString(), answer.GetProperty("exitCode").GetInt32()));
        Assert.InRange(answer.GetProperty("most").GetDouble(), 0.0001, 1);
        Assert.Contains("The model is downloaded once", answer.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [PackedTheory]
    [InlineData("nodenext", "nodenext")]
    [InlineData("esnext", "bundler")]
    [InlineData("commonjs", "node10")]
    public async Task Their_types_hold_for_a_strict_program_however_it_finds_modules(string module, string resolution)
    {
        var program = Write($"types-{resolution}.ts", """
            import { ActorEmbedClient, ActorEmbedError, ActorEmbedService, PythonSidecarClient, type PythonSidecarClientConfig } from '@actorembed/client';
            export async function main(config: PythonSidecarClientConfig): Promise<Float32Array[]> {
              const vectors: number[][] = await new PythonSidecarClient(config).embedBatch(['text'], true);
              const service = new ActorEmbedService({ model: 'name', port: 0 });
              service.on('progress', ({ model, fraction, note }) => console.log(model, fraction.toFixed(2), note, vectors.length));
              await service.startSidecar({ signal: AbortSignal.timeout(1) }).catch((error: unknown) => {
                if (error instanceof ActorEmbedError) console.log(error.code, error.reason);
              });
              const client: ActorEmbedClient = service.createClient();
              return client.embedBatchFloat32(['text']);
            }
            """);

        Assert.Equal("", await packages.CheckTypesAsync(program, module, resolution));
    }

    private static string OldProgram(string whenStarted) => $$"""
        import { PythonSidecarClient, PythonSidecarService } from '@actorembed/client';
        const service = new PythonSidecarService({
          pythonPath: 'python3', scriptPath: './embedding_sidecar/embed_server.py',
          port: {{FreePort.Find()}}, autoRestart: true
        });
        await service.startSidecar(){{whenStarted}};
        const { port } = await service.getStatus();
        const client = new PythonSidecarClient({ port });
        process.on('warning', (warning) => { if (warning.code === 'ACTOREMBED_OTHER_MODEL') process.exitCode = 1; });
        const healthy = await client.checkHealth();
        const vectors = await client.embedBatch(['text1', 'text2'], true);
        const { model_id: model } = await client.getInfo();
        console.log(JSON.stringify({ healthy, vectors: vectors.length, model }));
        await service.stopSidecar();
        """;

    private Dictionary<string, string?> Hub(string endpoint) => new()
    {
        ["HF_ENDPOINT"] = endpoint,
        ["HF_HUB_CACHE"] = _models.Path("hub"),
        // Only what is said of the Python options.
        ["NODE_NO_WARNINGS"] = "1",
    };

    private string Write(string path, string text)
    {
        var full = Path.Combine(packages.Application, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
        return full;
    }

    private void Copy(string from, string to)
    {
        var source = Path.Combine(packages.Application, from);
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(packages.Application, to, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    private static JsonElement Parse(string output) => JsonSerializer.Deserialize<JsonElement>(output);
}
