using System.ComponentModel.DataAnnotations;
using ActorEmbed.Actors;

namespace ActorEmbed.Api;

/// <summary>What the server is told at its start.</summary>
internal sealed class ServerOptions
{
    /// <summary>TCP port. Default 8421, the old sidecar's; 0 lets the system choose.</summary>
    [Range(0, 65535)]
    public int Port { get; set; } = 8421;

    /// <summary>Directory of the model; null takes the embedded one.</summary>
    public string? Model { get; set; }

    /// <summary>
    /// Largest request body in bytes. Default 32 MB, range 1 KB to 1 GB. 10,000 texts of 3,200 bytes, about the most
    /// that a model of 512 tokens takes notice of.
    /// </summary>
    [Range(1_000L, 1_000_000_000L)]
    public long MaxBodyBytes { get; set; } = 32_000_000;

    /// <summary>Most texts of one request. Default 10,000, range 1 to 1,000,000. Two minutes at the old sidecar's speed.</summary>
    [Range(1, 1_000_000)]
    public int MaxTexts { get; set; } = 10_000;

    /// <summary>Threads that inference uses. Default: one for each core. Range 1 to 1,024.</summary>
    [Range(1, 1024)]
    public int Threads { get; set; } = Environment.ProcessorCount;

    /// <summary>
    /// Whether a request that names another model than the loaded one is refused. Default false: an app that moves here
    /// changes its URL and nothing else.
    /// </summary>
    public bool RequireModelName { get; set; }

    /// <summary>
    /// Time from a failure for good to the exit of the process. Default 3 s, range 0 to 10 minutes: a parent that polls
    /// /health every second or two sees the reason.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan FailureExitDelay { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>How requests are queued and batched.</summary>
    public SchedulingOptions Scheduling { get; set; } = new();

    /// <exception cref="ValidationException">At least one setting is out of range; the message names each.</exception>
    public void Validate()
    {
        var errors = new List<ValidationResult>();
        Validator.TryValidateObject(this, new ValidationContext(this), errors, validateAllProperties: true);
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
}
