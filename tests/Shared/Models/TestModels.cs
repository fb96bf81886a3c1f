namespace ActorEmbed.Tests.Shared.Models;

/// <summary>The models that lie beside the tests, each with its reference vectors.</summary>
public static class TestModels
{
    // Where compiled models are kept beside a model.
    private const string CompiledFolder = ".actorembed";

    /// <summary>A random XLM-RoBERTa of 2 layers: shows every mistake in tokens, masks, positions and pooling.</summary>
    public static string XlmrTiny { get; } = Path.Combine(AppContext.BaseDirectory, "data", "xlmr-tiny");

    /// <summary>The model that is embedded in the server.</summary>
    public static string Starter { get; } = Path.Combine(AppContext.BaseDirectory, "data", "actorembed-starter-multilingual-256");

    /// <summary>A random BERT whose default prompt is <c>query</c>; it normalises.</summary>
    public static string DefaultPrompt { get; } = Path.Combine(AppContext.BaseDirectory, "data", "pooling", "default_prompt");

    /// <summary>A random BERT that leaves its prompts out of the mean.</summary>
    public static string UnpooledPrompt { get; } = Path.Combine(AppContext.BaseDirectory, "data", "pooling", "no_prompt_mean");

    /// <summary>As <see cref="UnpooledPrompt"/>, with the maximum and the weighted mean of its tokens one after the other; it normalises.</summary>
    public static string UnpooledPromptTwice { get; } = Path.Combine(AppContext.BaseDirectory, "data", "pooling", "no_prompt_weightedmean_max");

    /// <summary>Names of the rerankers that have references.</summary>
    public static IReadOnlyList<string> Rerankers { get; } = ["bert-tiny", "bert-sigmoid-tiny", "bert-st6-tiny", "distilbert-tiny", "xlmr-tiny", "gte-new-tiny", "modernbert-tiny"];

    /// <summary>A reranker with random weights and pairs that independent implementations have scored.</summary>
    public static string Reranker(string name) => Path.Combine(AppContext.BaseDirectory, "data", "rerankers", name);

    /// <summary>A writable copy of a model, to damage; deleted when disposed.</summary>
    public static TemporaryCopy Copy(string directory) => new(directory);

    /// <summary>The files of a model, without what tests beside this one have compiled of it.</summary>
    public static IEnumerable<string> FilesOf(string directory) => System.IO.Directory
        .EnumerateFiles(directory, "*", SearchOption.AllDirectories)
        .Where(path => !path.StartsWith(Path.Combine(directory, CompiledFolder), StringComparison.Ordinal));

    public sealed class TemporaryCopy : IDisposable
    {
        private readonly DirectoryInfo _parent = System.IO.Directory.CreateTempSubdirectory("actorembed-test-");

        internal TemporaryCopy(string source)
        {
            Directory = System.IO.Path.Combine(_parent.FullName, System.IO.Path.GetFileName(source));
            foreach (var file in FilesOf(source))
            {
                var target = System.IO.Path.Combine(Directory, System.IO.Path.GetRelativePath(source, file));
                System.IO.Directory.CreateDirectory(System.IO.Path.GetDirectoryName(target)!);
                File.Copy(file, target);
            }
        }

        public string Directory { get; }

        public string Path(string relative) => System.IO.Path.Combine(Directory, relative);

        public void Replace(string relative, string old, string by)
        {
            var text = File.ReadAllText(Path(relative));
            File.WriteAllText(Path(relative), text.Contains(old, StringComparison.Ordinal)
                ? text.Replace(old, by, StringComparison.Ordinal)
                : throw new InvalidOperationException($"{relative} does not contain {old}."));
        }

        public void Dispose() => _parent.Delete(recursive: true);
    }
}
