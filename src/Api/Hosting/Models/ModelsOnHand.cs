using System.ComponentModel.DataAnnotations;
using ActorEmbed.Inference;
using ActorEmbed.Inference.Loading;

namespace ActorEmbed.Api.Hosting.Models;

/// <summary>The models that the settings name, each chosen, and got and loaded when it is asked for.</summary>
internal sealed class ModelsOnHand : IDisposable
{
    // 1.1 GB over a line of 128 kbit/s takes 19 hours.
    private static readonly TimeSpan LongestPull = TimeSpan.FromDays(1);

    private readonly List<(ModelEntry Entry, ModelChoice Choice, ModelSource Source)> _models = [];

    private ModelsOnHand()
    {
    }

    /// <summary>In the order of the settings.</summary>
    public IReadOnlyList<ModelToServe> All { get; private set; } = [];

    /// <summary>Chooses: what is wrong with a path or a configuration is known before anything is started.</summary>
    /// <param name="options">Valid; told that a load may be a pull.</param>
    /// <param name="loggers">For what the loads have to say.</param>
    /// <exception cref="ModelLoadException">A named model is neither on the disk nor a model of the hub, or it is damaged.</exception>
    /// <exception cref="Inference.Hub.ModelPullException">The settings of the hub are wrong.</exception>
    /// <exception cref="ValidationException">Two of them cannot be told apart.</exception>
    public static ModelsOnHand Choose(ServerOptions options, ILoggerFactory loggers)
    {
        var models = new ModelsOnHand();
        try
        {
            models.All = [.. options.ServedModels.Select(entry => models.Add(entry, options, loggers))];
            if (models.All.GroupBy(model => model.Label, StringComparer.OrdinalIgnoreCase).FirstOrDefault(same => same.Count() > 1) is { } same)
                throw new ValidationException($"Models: {same.Count()} of them are {same.Key}; give each a Name of its own.");
            return models;
        }
        catch
        {
            models.Dispose();
            throw;
        }
    }

    /// <summary>Opens what is on the disk while the rest of the process starts.</summary>
    public void Begin() => _models.ForEach(model => model.Source.Begin());

    /// <summary>A line for each model, but for a directory that was named: that is what it is.</summary>
    public void Tell(ILogger log)
    {
        foreach (var (entry, choice, _) in _models)
        {
            if (choice.Directory != entry.Model)
                log.LogInformation("Model: {Choice}{Source}", choice.Reason, choice.Source is null ? "" : "; " + choice.Source);
        }
    }

    public void Dispose() => _models.ForEach(model => model.Source.Dispose());

    private ModelToServe Add(ModelEntry entry, ServerOptions options, ILoggerFactory loggers)
    {
        var choice = ModelChoice.For(entry, Environment.GetEnvironmentVariable);
        // A pull is part of the load, and has time-outs of its own.
        if (choice.Directory is null)
            options.PullTime = LongestPull;
        var progress = new LoadProgress();
        var modelOptions = options.ToModelOptions(entry);
        modelOptions.OnCompiling = progress.BeginCompiling;
        var source = new ModelSource(choice, modelOptions, progress, loggers.CreateLogger(typeof(ModelLoader).FullName!));
        _models.Add((entry, choice, source));
        return new ModelToServe(stopping => Load(source, progress, stopping)) { Name = entry.Name, Id = choice.Id, Kind = choice.Kind, Progress = progress };
    }

    private static IEmbeddingModel Load(ModelSource source, LoadProgress progress, CancellationToken stopping)
    {
        try
        {
            var model = source.Load(stopping);
            progress.End();
            return model;
        }
        catch (Exception e)
        {
            progress.End(Failures.LoadFailure.Of(e));
            throw;
        }
    }
}
