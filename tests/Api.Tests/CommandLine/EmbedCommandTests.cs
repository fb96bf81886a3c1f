using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using ActorEmbed.Tests.Shared.Models;
using ActorEmbed.Tests.Shared.Processes;

namespace ActorEmbed.Api.Tests.CommandLine;

public sealed class EmbedCommandTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("actorembed-embed-");
    private readonly ReferenceText[] _reference = [.. ReferenceText.Of(TestModels.Starter).Where(text => !text.Text.Contains('\n', StringComparison.Ordinal)).Take(5)];

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task Lines_of_standard_input_become_json_lines()
    {
        await using var embed = Start("embed", "--no-normalize");
        foreach (var text in _reference)
            await embed.StandardInput.WriteLineAsync(text.Text);
        embed.StandardInput.Close();

        var (exitCode, output, _) = await embed.WaitForExitAsync();

        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<JsonElement>(line)).ToArray();
        Assert.Equal(ExitCode.Success, exitCode);
        Assert.Equal(Enumerable.Range(0, _reference.Length), lines.Select(line => line.GetProperty("index").GetInt32()));
        Assert.All(lines.Zip(_reference), pair => AssertClose(pair.Second.Vector, pair.First.GetProperty("vector").Deserialize<float[]>()!));
    }

    [Theory]
    [InlineData("--prompt-name", "passage")]
    [InlineData("--input-type", "document")]
    public async Task A_prompt_goes_before_each_text(string option, string value)
    {
        var prompted = ReferenceText.Of(TestModels.UnpooledPrompt).First(text => text.PromptName == "passage");
        await using var embed = Start("embed", "--model", TestModels.UnpooledPrompt, "--no-normalize", option, value, prompted.Text);

        var (exitCode, output, _) = await embed.WaitForExitAsync();

        Assert.Equal(ExitCode.Success, exitCode);
        AssertClose(prompted.Vector, JsonSerializer.Deserialize<JsonElement>(output).GetProperty("vector").Deserialize<float[]>()!);
    }

    [Theory]
    [InlineData("--prompt-name: there is no prompt 'none': this model has no prompts.", "--prompt-name", "none")]
    [InlineData("--input-type must be \"query\", \"document\", ", "--input-type", "classification")]
    [InlineData("exclude each other", "--input-type", "query", "--prompt-name", "query")]
    public async Task A_prompt_that_cannot_be_had_is_one_line(string expected, params string[] options)
    {
        await using var embed = Start(["embed", "text", .. options]);

        var (exitCode, output, error) = await embed.WaitForExitAsync();

        Assert.Equal((ExitCode.BadOption, ""), (exitCode, output));
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_is_answered_before_the_next_one_is_written()
    {
        await using var embed = Start("embed");
        await embed.StandardInput.WriteLineAsync("first");
        await embed.StandardInput.FlushAsync();

        var first = await embed.ReadOutputLineAsync();
        await embed.StandardInput.WriteLineAsync("second");
        embed.StandardInput.Close();
        var (_, rest, _) = await embed.WaitForExitAsync();

        Assert.StartsWith("{\"index\":0,", first, StringComparison.Ordinal);
        Assert.Contains("{\"index\":1,", rest, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Npy_says_its_shape_and_raw_is_the_same_without_a_header()
    {
        var input = Path.Combine(_directory.FullName, "texts.jsonl");
        await File.WriteAllLinesAsync(input, _reference.Select(text => JsonSerializer.Serialize(new { text = text.Text })));
        string Output(string name) => Path.Combine(_directory.FullName, name);

        foreach (var format in new[] { "npy", "raw" })
        {
            await using var embed = Start("embed", "--input", input, "--input-jsonl", "--format", format, "--output", Output(format), "--no-normalize");
            Assert.Equal(ExitCode.Success, (await embed.WaitForExitAsync()).ExitCode);
        }

        var npy = await File.ReadAllBytesAsync(Output("npy"));
        var raw = await File.ReadAllBytesAsync(Output("raw"));
        var vectors = MemoryMarshal.Cast<byte, float>(raw);
        Assert.Equal([0x93, .. "NUMPY"u8, 1, 0], npy[..8]);
        var headerLength = BitConverter.ToUInt16(npy, 8);
        var header = Encoding.ASCII.GetString(npy, 10, headerLength);
        Assert.Equal(0, (10 + headerLength) % 64);
        Assert.Matches(new Regex(@"\A\{'descr': '<f4', 'fortran_order': False, 'shape': \(5, 256\), \} *\n\z"), header);
        Assert.Equal(raw, npy[(10 + headerLength)..]);
        for (var i = 0; i < _reference.Length; i++)
            AssertClose(_reference[i].Vector, vectors.Slice(i * 256, 256).ToArray());
    }

    [Fact]
    public async Task Arguments_are_texts_and_vectors_have_length_1()
    {
        await using var embed = Start("embed", "one text", "another", "--model", TestModels.XlmrTiny);

        var (exitCode, output, _) = await embed.WaitForExitAsync();

        var vectors = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<JsonElement>(line).GetProperty("vector").Deserialize<float[]>()!).ToArray();
        Assert.Equal(ExitCode.Success, exitCode);
        Assert.Equal(2, vectors.Length);
        Assert.All(vectors, vector => Assert.Equal(1, vector.Sum(c => c * c), 1e-5));
    }

    [Fact]
    public async Task An_input_without_lines_is_an_empty_output()
    {
        await using var embed = Start("embed");
        embed.StandardInput.Close();

        var (exitCode, output, _) = await embed.WaitForExitAsync();

        Assert.Equal((ExitCode.Success, ""), (exitCode, output));
    }

    [Theory]
    [InlineData("no-such-file.txt", "embed", "--input", "no-such-file.txt")]
    [InlineData("choose one", "embed", "text", "--input", "file.txt")]
    [InlineData("Line 2", "embed", "--input-jsonl")]
    [InlineData("not UTF-8", "embed")]
    [InlineData("parquet", "embed", "--format", "parquet")]
    public async Task A_mistake_is_one_line_and_leaves_no_output(string named, params string[] arguments)
    {
        var target = Path.Combine(_directory.FullName, "output");
        await using var embed = Start([.. arguments, "--output", target, "--model", TestModels.XlmrTiny]);
        embed.StandardInput.BaseStream.Write(arguments.Contains("--input-jsonl") ? "\"good\"\n{bad\n"u8 : [.. "good\n"u8, 0xC3, 0x28, (byte)'\n']);
        embed.StandardInput.Close();

        var (exitCode, _, error) = await embed.WaitForExitAsync();

        Assert.Equal(ExitCode.BadOption, exitCode);
        Assert.Contains(named, Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.OrdinalIgnoreCase);
        Assert.Empty(_directory.EnumerateFiles());
    }

    [Fact]
    public async Task Doctor_names_what_is_amiss_and_what_to_do()
    {
        await using var doctor = Start("doctor", "--port", "0", "--model", "/no/such/directory");

        var (exitCode, output, _) = await doctor.WaitForExitAsync();

        Assert.Equal(ExitCode.BadModel, exitCode);
        Assert.All(["processor", "ONNX Runtime", "memory", "port", "FAIL  model", "->"], part => Assert.Contains(part, output, StringComparison.Ordinal));
    }

    private static ServerProcess Start(params string[] arguments) => ServerProcess.Start(Path.GetTempPath(), arguments);

    private static void AssertClose(float[] expected, float[] actual) =>
        Assert.InRange(expected.Zip(actual, (e, a) => Math.Abs(e - a)).Max(), 0, 2e-5f);
}
