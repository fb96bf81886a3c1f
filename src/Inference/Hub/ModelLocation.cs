namespace ActorEmbed.Inference.Hub;

/// <summary>Where the model is that somebody has named: one of the two is null.</summary>
/// <param name="Directory">A directory of this machine.</param>
/// <param name="Reference">A model of the hub.</param>
public sealed record ModelLocation(string? Directory, ModelReference? Reference)
{
    /// <summary>Reads what was named as a model; looks at the disk for it, and calls nobody.</summary>
    /// <param name="model">
    /// A directory, where <c>~</c> is the home directory and a repository of the Hugging Face cache stands for its snapshot;
    /// the name of a model of the hub; or <see cref="EmbeddedModel.Name"/>.
    /// </param>
    /// <param name="revision">Branch, tag or commit of a model of the hub; null for <see cref="ModelReference.DefaultRevision"/>.</param>
    /// <param name="variant">As <see cref="ModelReference.Variant"/>.</param>
    /// <exception cref="ModelLoadException">It can be none of these; the message says why.</exception>
    public static ModelLocation Find(string model, string? revision = null, string? variant = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        var path = ModelPath.Expand(model);
        if (model == EmbeddedModel.Name)
            return OnDisk(EmbeddedModel.Directory, revision, $"{model} comes with the program and has no revision '{revision}': leave the revision out.");
        if (System.IO.Directory.Exists(path))
            return OnDisk(ModelPath.Resolve(path), revision, $"{path} is a directory, which has no revision '{revision}': leave the revision out, or name a model of the hub.");
        if (File.Exists(path))
            throw new ModelLoadException($"{path} is a file: name the directory that holds the model.");
        if (IsPath(path))
            throw new ModelLoadException($"Model directory {path} does not exist.");
        try
        {
            return new ModelLocation(null, ModelReference.Parse(path, revision, variant));
        }
        catch (ModelPullException e)
        {
            throw new ModelLoadException($"There is no directory {path}, and as a model of the hub: {e.Message}", e);
        }
    }

    private static ModelLocation OnDisk(string directory, string? revision, string refusal) =>
        revision is null ? new ModelLocation(directory, null) : throw new ModelLoadException(refusal);

    /// <summary>Whether it can only be meant as a path: a hub's name has one slash, and none of these.</summary>
    private static bool IsPath(string model) =>
        Path.IsPathRooted(model) || model.Contains('\\', StringComparison.Ordinal) || model.StartsWith('.') || model.StartsWith('~')
        || model.EndsWith('/') || model.Count(c => c == '/') > 1;
}
