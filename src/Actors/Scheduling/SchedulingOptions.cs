using System.ComponentModel.DataAnnotations;

namespace ActorEmbed.Actors.Scheduling;

/// <summary>How requests are queued, batched and given up.</summary>
public sealed class SchedulingOptions
{
    /// <summary>
    /// Most texts of one batch. Range 1 to 1,024. Default null: 32 on the processor, the batch size of sentence-transformers and of
    /// the old sidecar, where more gains nothing once the cores are busy; 256 on cuda.
    /// </summary>
    [Range(1, 1024)]
    public int? MaxTextsPerBatch { get; set; }

    /// <summary>
    /// Most tokens of one batch, estimated. Range 1 to 1,048,576. Default null: 1,024 on the processor, two runs of the graph at
    /// its best size (512 tokens): enough for two cores, short enough that the next caller has its turn soon; 8,192 on
    /// cuda, with fewer of which an accelerator has too little to do. A longer single text makes a batch of its own.
    /// </summary>
    [Range(1, 1 << 20)]
    public int? MaxTokensPerBatch { get; set; }

    /// <summary>
    /// Most texts that wait. Default 20,000, range 1 to 10,000,000. Two of the largest requests that the HTTP server
    /// takes (10,000 texts).
    /// </summary>
    [Range(1, 10_000_000)]
    public int MaxQueuedTexts { get; set; } = 20_000;

    /// <summary>
    /// Most memory of the texts that wait, in bytes. Default 128 MiB, range 1 KiB to 64 GiB. Twice what the largest
    /// body that the HTTP server takes (32 MB) can become as UTF-16.
    /// </summary>
    [Range(1L << 10, 1L << 36)]
    public long MaxQueuedBytes { get; set; } = 128L << 20;

    /// <summary>
    /// Time from receipt to answer where a request names none. Default 2 minutes, at least 10 ms; more than a day means
    /// no limit. The largest HTTP request, 10,000 texts, takes 108 s at the old sidecar's 93 texts a second.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "10675199.02:48:05.4775807")]
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Time after which a batch that has not come back counts as hung. Default 30 s, range 10 ms to 1 hour. A full
    /// batch of 1,024 tokens takes about half a second on two cores in fp32; a machine 50 times slower is not hung. A text
    /// that costs more than such a batch has as much more time.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan BatchTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Pause before inference is started again after its first failure; doubles with every further one. Default
    /// 100 ms, range 1 ms to 1 minute. About the time that a fresh session takes to load.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00")]
    public TimeSpan MinRestartDelay { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Longest pause between two starts. Default 2 s, range 1 ms to 10 minutes. Well under the 30 s that clients wait,
    /// several times over.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:10:00")]
    public TimeSpan MaxRestartDelay { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Time after which a model that is being loaded counts as hung. Default 30 minutes, range 10 ms to 30 days.
    /// Compiling a model of 1.1 GB takes 20 s on two cores; a machine 50 times slower is not hung.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "30.00:00:00")]
    public TimeSpan LoadTimeout { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>
    /// Time after which a model that nobody has asked for is closed and its memory given back; the next request opens it again
    /// and waits for that. Default null: never. Range 1 s to 30 days: a shorter time would close it between two requests of one
    /// person.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "30.00:00:00")]
    public TimeSpan? UnloadAfter { get; set; }

    /// <summary>
    /// Failed loads in a row after which the service has failed for good. Default 5, range 1 to 1,000. With the delays
    /// above about 2 s of trying.
    /// </summary>
    [Range(1, 1000)]
    public int MaxFailedLoads { get; set; } = 5;

    /// <summary>
    /// Failed batches in a row, with not one success between them, after which the service has failed for good. Range 2
    /// to 100,000, more than <see cref="MaxTextsPerBatch"/>: a batch of nothing but bad texts, tried again one by one, must not
    /// end the service. Default null: 40, and on cuda 300. With the delays above this is more than a minute in which
    /// nothing at all succeeded.
    /// </summary>
    [Range(2, 100_000)]
    public int? MaxFailedBatches { get; set; }

    /// <summary>Throws one exception that names every setting that is out of range.</summary>
    /// <exception cref="ValidationException">At least one setting is out of range.</exception>
    public void Validate()
    {
        var errors = new List<ValidationResult>();
        if (MinRestartDelay > MaxRestartDelay)
            errors.Add(new($"{nameof(MinRestartDelay)} must not be longer than {nameof(MaxRestartDelay)}."));
        if ((MaxFailedBatches ?? BatchSize.OfProcessor.FailedBatches) <= (MaxTextsPerBatch ?? BatchSize.OfProcessor.Texts))
            errors.Add(new($"{nameof(MaxFailedBatches)} must be more than {nameof(MaxTextsPerBatch)}."));
        if (!Validator.TryValidateObject(this, new ValidationContext(this), errors, validateAllProperties: true) || errors.Count > 0)
            throw new ValidationException(string.Join(" ", errors.Select(e => e.ErrorMessage)));
    }
}
