namespace ActorEmbed.Inference.Tests.Encoders;

/// <summary>Tests that take every thread of the pool: nothing else goes on beside them.</summary>
[CollectionDefinition(nameof(ThreadPoolCollection), DisableParallelization = true)]
#pragma warning disable CA1711 // xunit's own word for it.
public sealed class ThreadPoolCollection;
#pragma warning restore CA1711
