using System.ComponentModel.DataAnnotations;
using ActorEmbed.Actors.Scheduling;
using ActorEmbed.Inference;
using ActorEmbed.Inference.Loading;

namespace ActorEmbed.Actors.Hosting;

/// <summary>What a host says of one instance, in code or in a section of its configuration.</summary>
public sealed class ActorEmbedOptions
{
    /// <summary>
    /// The model, as the server's <c>--model</c> takes it: a directory in the layout of a sentence-transformers repository; a
    /// name on the Hugging Face hub, as <c>owner/name</c> or <c>all-MiniLM-L6-v2</c>, which is downloaded into the Hugging Face
    /// cache where that does not have it; or <c>actorembed-starter-multilingual-256</c>, which comes with this library.
    /// Required, unless <see cref="LoadModel"/> is set.
    /// </summary>
    public string? Model { get; set; }

    /// <summary>Branch, tag or full commit of a model of the hub. Default: <c>main</c>.</summary>
    public string? Revision { get; set; }

    /// <summary>How the model is run: threads and precision.</summary>
    public ModelOptions Inference { get; set; } = new();

    /// <summary>How requests are queued and batched.</summary>
    public SchedulingOptions Scheduling { get; set; } = new();

    /// <summary>
    /// What all measurements of this instance carry as their tag <c>model</c>. Null takes the name that the instance was given;
    /// without one there is no such tag.
    /// </summary>
    public string? MetricsName { get; set; }

    /// <summary>
    /// Loads the model in another way than from <see cref="Model"/>. Called on a thread of its own, again after every
    /// failure; a <see cref="ModelLoadException"/> means that trying again will not help.
    /// </summary>
    public Func<IEmbeddingModel>? LoadModel { get; set; }

    /// <summary>Throws one exception that names every setting that is wrong.</summary>
    /// <exception cref="ValidationException">At least one setting is wrong.</exception>
    public void Validate()
    {
        var errors = new List<ValidationResult>();
        if (Model is null && LoadModel is null)
            errors.Add(new($"{nameof(Model)} is required: the directory or the name of a model."));
        Validator.TryValidateObject(Inference, new ValidationContext(Inference), errors, validateAllProperties: true);
        if (Inference.FindConflict() is { } conflict)
            errors.Add(new(conflict));
        var messages = errors.Select(e => e.ErrorMessage).ToList();
        try
        {
            Scheduling.Validate();
        }
        catch (ValidationException e)
        {
            messages.Add(e.Message);
        }

        if (messages.Count > 0)
            throw new ValidationException(string.Join(" ", messages));
    }

    internal Func<EmbeddingTokenizer>? LoadTokenizer =>
        LoadModel is null ? () => ModelLoader.LoadTokenizer(NamedModel.Fetch(this, LoadContext.None)) : null;

    /// <summary>What loads the model.</summary>
    /// <exception cref="ModelLoadException">What is named as the model is none.</exception>
    internal Func<IEmbeddingModel> Open(LoadContext context)
    {
        if (LoadModel is { } load)
            return load;
        NamedModel.LocationOf(this);
        var logger = context.Loggers?.CreateLogger(typeof(ModelLoader).FullName!);
        string? fetched = null;
        return () =>
        {
            // What was got once is opened again without the network.
            if (!Directory.Exists(fetched))
                fetched = NamedModel.Fetch(this, context);
            return ModelLoader.Load(fetched!, Inference, logger);
        };
    }
}
