using System.Text.Json;

namespace ActorEmbed.Inference.Models;

/// <summary>
/// Reads the configuration of a sentence-transformers repository: <c>modules.json</c>, <c>config.json</c>,
/// <c>sentence_bert_config.json</c> and the pooling module's <c>config.json</c>.
/// </summary>
internal static class ModelDirectory
{
    // What encoders of the BERT family were trained with, where a repository names no limit of its own.
    private const int DefaultMaxTokens = 512;

    /// <exception cref="ModelLoadException">The directory is missing, damaged, or holds a model of another kind.</exception>
    public static ModelDescription Read(string path)
    {
        var root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (!Directory.Exists(root))
            throw new ModelLoadException($"Model directory {root} does not exist.");

        var modules = ReadModules(root);
        var transformer = Path.Combine(root, modules.TransformerPath);
        var config = JsonFile.ReadIfPresent(Path.Combine(transformer, "config.json"))
            ?? throw new ModelLoadException(
                $"{root} is not a model directory: config.json is missing. Expected the layout of a sentence-transformers repository.");
        var pooling = modules.PoolingPath is null
            ? null
            : JsonFile.ReadIfPresent(Path.Combine(root, modules.PoolingPath, "config.json"))
                ?? throw new ModelLoadException($"{Path.Combine(root, modules.PoolingPath, "config.json")} is missing.");

        return new ModelDescription
        {
            Id = IdOf(root),
            Root = root,
            TransformerDirectory = transformer,
            Pooling = pooling is null ? PoolingMode.Mean : ReadPoolingMode(pooling, modules.PoolingPath!),
            Dimensions = pooling?.Count("word_embedding_dimension") ?? config.Count("hidden_size"),
            MaxTokens = ReadMaxTokens(transformer, config),
            Normalizes = modules.Normalizes,
        };
    }

    private static (string TransformerPath, string? PoolingPath, bool Normalizes) ReadModules(string root)
    {
        // Without modules.json sentence-transformers itself takes the transformer at the root and mean pooling.
        if (JsonFile.ReadIfPresent(Path.Combine(root, "modules.json"), JsonValueKind.Array) is not { } file)
            return ("", null, false);

        string? transformer = null, pooling = null;
        var normalizes = false;
        foreach (var module in file.Items())
        {
            var type = module.RequiredText("type");
            switch (type[(type.LastIndexOf('.') + 1)..])
            {
                case "Transformer": transformer = module.Text("path") ?? ""; break;
                case "Pooling": pooling = module.Text("path") ?? "1_Pooling"; break;
                case "Normalize": normalizes = true; break;
                case var other: throw new ModelLoadException(
                    $"{root}: modules.json names a module of type '{other}', which is not supported; Transformer, Pooling and Normalize are.");
            }
        }

        return transformer is null
            ? throw new ModelLoadException($"{root}: modules.json names no Transformer module.")
            : (transformer, pooling, normalizes);
    }

    private static PoolingMode ReadPoolingMode(JsonFile pooling, string path)
    {
        const string flagPrefix = "pooling_mode_";
        // Newer repositories name the mode in one field, older ones set one flag of many.
        var modes = pooling.Text("pooling_mode") is { } named
            ? [named]
            : pooling.NamesOfTrueFields().Where(name => name.StartsWith(flagPrefix, StringComparison.Ordinal))
                .Select(name => name[flagPrefix.Length..]).ToArray();

        return modes switch
        {
            ["mean" or "mean_tokens"] => PoolingMode.Mean,
            ["cls" or "cls_token"] => PoolingMode.Cls,
            ["max" or "max_tokens"] => PoolingMode.Max,
            [] => throw new ModelLoadException($"{path}/config.json names no pooling mode."),
            _ => throw new ModelLoadException(
                $"{path}/config.json asks for pooling '{string.Join(" + ", modes)}', which is not supported; mean, cls and max are."),
        };
    }

    private static int ReadMaxTokens(string transformer, JsonFile config)
    {
        var named = JsonFile.ReadIfPresent(Path.Combine(transformer, "sentence_bert_config.json"))?.Count("max_seq_length")
            ?? JsonFile.ReadIfPresent(Path.Combine(transformer, "tokenizer_config.json"))?.Count("model_max_length")
            ?? DefaultMaxTokens;
        if (config.Count("max_position_embeddings") is not { } positions)
            return named;

        // RoBERTa counts positions from padding_idx + 1 = 2, so two rows of the table never serve a token.
        var unused = config.Text("model_type") is "xlm-roberta" or "roberta" or "camembert" ? 2 : 0;
        return Math.Min(named, Math.Max(1, positions - unused));
    }

    private static string IdOf(string root)
    {
        // A hub cache keeps organisation/name in .../models--organisation--name/snapshots/<commit>.
        const string hubPrefix = "models--";
        var repository = Directory.GetParent(root)?.Parent?.Name;
        return Directory.GetParent(root)?.Name == "snapshots" && repository?.StartsWith(hubPrefix, StringComparison.Ordinal) == true
            ? repository[hubPrefix.Length..].Replace("--", "/", StringComparison.Ordinal)
            : Path.GetFileName(root);
    }
}
