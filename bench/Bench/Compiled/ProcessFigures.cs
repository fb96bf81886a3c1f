namespace ActorEmbed.Bench.Compiled;

/// <summary>What a process of its own needs for one variant.</summary>
/// <param name="Variant">Name of the variant.</param>
/// <param name="WarmFirstVectorMs">From process start to the first vector, files in the page cache.</param>
/// <param name="ColdFirstVectorMs">The same with the model's files dropped from the page cache before.</param>
/// <param name="SteadyRssMb">Resident memory after the load, in 2^20 bytes.</param>
/// <param name="PeakRssMb">The most there ever was.</param>
/// <param name="IdleCpuMs">Processor time of five idle seconds after the load.</param>
internal sealed record ProcessFigures(
    string Variant, double WarmFirstVectorMs, double ColdFirstVectorMs, double SteadyRssMb, double PeakRssMb, double IdleCpuMs);
