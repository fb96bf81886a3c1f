using ActorEmbed.Inference.Encoders;
using ActorEmbed.Inference.Files;
using ActorEmbed.Inference.Graphs;
using ActorEmbed.Inference.Graphs.Families;
using ActorEmbed.Inference.Weights.Exported;

namespace ActorEmbed.Inference.Repositories;

/// <summary>
/// Chooses what of a repository with an encoder is run: a graph made from its safetensors, or from the weights in its main
/// graph; the graph of a variant that was asked for, its main graph, its only variant, or nothing.
/// </summary>
/// <param name="files">The repository's files.</param>
/// <param name="request">What is asked for.</param>
/// <param name="transformer">Directory of the transformer module; empty for the root.</param>
/// <param name="isReranker">Whether it scores pairs: its classifier is needed too.</param>
/// <param name="draft">Takes what was chosen, or why nothing can be.</param>
internal sealed class WeightsChoice(IRepositoryFiles files, ModelRequest request, string transformer, bool isReranker, PlanDraft draft)
{
    private const string NoSafetensors = $"there is no {SafetensorsIndex.SingleFile}";

    /// <inheritdoc cref="ModelPlan.WhyNotCompiled" />
    public string? WhyNotCompiled { get; private set; }

    /// <inheritdoc cref="ModelPlan.Head" />
    public ClassifierHead? Head { get; private set; }

    /// <param name="config"><c>config.json</c> of the transformer.</param>
    /// <exception cref="ModelLoadException">A file that decides is damaged.</exception>
    public void Decide(JsonFile config)
    {
        if (request.Variant is { } variant)
        {
            WhyNotCompiled = $"the variant {variant} was asked for";
            if (GraphFiles.VariantPaths(transformer, variant).FirstOrDefault(files.Has) is { } named)
                TakeGraph(named);
            else
                draft.Miss(GraphFiles.VariantPaths(transformer, variant)[0]);
            return;
        }

        // Our own graph is several times as fast as the one that is published.
        WhyNotCompiled = request.IsUncompiled ? "no graph made of its weights works here" : WhyNoFamily(config);
        if (WhyNotCompiled is null && TakeSafetensors())
            return;
        if (draft.Unread.Count > 0)
            return;
        // What follows the encoder is known by its name in the safetensors only: a reranker's graph is run as it is.
        if (!TakeMainGraph(WhyNotCompiled is null && !isReranker ? config : null))
            TakeOnlyVariant();
    }

    /// <summary>The one table of families that are compiled is <see cref="EncoderFamilies"/>.</summary>
    private string? WhyNoFamily(JsonFile file)
    {
        var config = EncoderConfig.Of(file.Name, file.Root);
        if (EncoderFamilies.Find(config) is not { } family)
            return $"model_type '{config.ModelType}' is not compiled here ({string.Join(", ", EncoderFamilies.ModelTypes)} are)";
        if (family.TryRead(config, out var whyNot) is null)
            return whyNot;
        if (!isReranker)
            return null;
        var architecture = ClassifierConfig.ArchitectureOf(file)!;
        Head = family.FindHead(architecture, config);
        return Head is null ? $"the classifier of {architecture} is not known to it" : null;
    }

    private bool TakeSafetensors()
    {
        string single = At(SafetensorsIndex.SingleFile), index = At(SafetensorsIndex.IndexFile);
        if (files.Has(single))
        {
            draft.TakeWeights(RunKind.Compiled, [single]);
            return true;
        }

        draft.MarkAbsent(single);
        if (!files.Has(index))
        {
            draft.MarkAbsent(index);
            return false;
        }

        if (draft.Require(index) is not { } content)
            return false;
        string[] shards = [.. SafetensorsIndex.FilesOf(content).Select(At)];
        foreach (var shard in shards.Where(shard => !files.Has(shard)))
            draft.Miss(shard);
        draft.TakeWeights(RunKind.Compiled, shards);
        return true;
    }

    /// <param name="config">Of an encoder that may be compiled from the graph; null for one that is not to be.</param>
    private bool TakeMainGraph(JsonFile? config)
    {
        foreach (var path in GraphFiles.MainPaths(transformer))
        {
            if (files.Has(path))
            {
                TakeGraph(path, config);
                return true;
            }

            draft.MarkAbsent(path);
        }

        return false;
    }

    private void TakeOnlyVariant()
    {
        WhyNotCompiled ??= NoSafetensors;
        var variants = GraphFiles.Variants(files, transformer);
        if (variants is [var only])
            TakeGraph(GraphFiles.VariantPaths(transformer, only).First(files.Has));
        else
            Refuse(variants);
    }

    private void Refuse(IReadOnlyList<string> variants)
    {
        var advice = variants.Count > 0 ? $"take one of its variants: {string.Join(", ", variants)}"
            : files.Has(At("pytorch_model.bin")) ? "it has pytorch_model.bin, which can hold code and is never run; " +
              "a revision refs/pr/N or another repository may have its safetensors"
            : "it cannot be run here";
        string[] safetensors = [At(SafetensorsIndex.SingleFile), At(SafetensorsIndex.IndexFile)];
        draft.Refusal = $"{safetensors.FirstOrDefault(files.Has) ?? "it"} is not compiled, as {WhyNotCompiled}, and there is no ONNX graph ({string.Join(" or ", GraphFiles.MainPaths(transformer))}): {advice}.";
    }

    /// <summary>A graph with the files that it names itself: no rule on their names holds for all exporters.</summary>
    private void TakeGraph(string graph, JsonFile? compiledBy = null)
    {
        using var stream = draft.OpenGraph(graph);
        if (stream is null)
        {
            WhyNotCompiled ??= NoSafetensors;
            return;
        }

        OnnxOutline outline;
        try
        {
            outline = OnnxOutlineReader.Read(stream);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw new ModelLoadException($"{files.Describe(graph)} cannot be loaded: {e.Message}.", e);
        }

        if ((PaddedGraph.WhyNot(outline.Inputs, outline.Outputs) ?? WhyNoClassifier(outline)) is { } whyNot)
            draft.Refusal = $"{graph} cannot be run here: {whyNot}.";
        var data = new List<string>();
        foreach (var name in outline.DataFiles)
        {
            var path = RepositoryPath.Join(RepositoryPath.DirectoryOf(graph), name);
            if (!RepositoryPath.IsSafe(name))
                throw new ModelLoadException($"{files.Describe(graph)} names a data file outside of its directory: the model is damaged.");
            if (!files.Has(path))
                draft.Miss($"{path} (named by {graph})");
            data.Add(path);
        }

        var isCompiled = compiledBy is not null && draft.Refusal is null && IsFollowed(stream, graph, compiledBy);
        if (!isCompiled)
            WhyNotCompiled ??= NoSafetensors;
        draft.TakeWeights(isCompiled ? RunKind.CompiledGraph : RunKind.Graph, [.. data, graph]);
    }

    /// <summary>Whether the weights that the family wants are found in a graph that has just been read to its end.</summary>
    private bool IsFollowed(Stream stream, string graph, JsonFile file)
    {
        var config = EncoderConfig.Of(file.Name, file.Root);
        var family = EncoderFamilies.Find(config)!;
        stream.Position = 0;
        using var weights = new ExportedWeights(ExportedGraphReader.Read(stream, files.Describe(graph)));
        if (ExportedEncoder.TryOpen(family, weights, family.TryRead(config, out _)!, out var whyNot) is not null)
            return true;
        WhyNotCompiled = $"{NoSafetensors}, and {graph} is not the graph that its family has ({whyNot})";
        return false;
    }

    private string? WhyNoClassifier(OnnxOutline outline) => isReranker && !outline.Outputs.Contains(PaddedGraph.Logits)
        ? $"the model is a reranker, and it has no output '{PaddedGraph.Logits}'"
        : null;

    private string At(string name) => RepositoryPath.Join(transformer, name);
}
