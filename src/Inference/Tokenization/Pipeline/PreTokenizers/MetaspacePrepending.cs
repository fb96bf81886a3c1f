namespace ActorEmbed.Inference.Tokenization.Pipeline.PreTokenizers;

/// <summary>Where a mark is put that no space stands for.</summary>
internal enum MetaspacePrepending
{
    /// <summary>Nowhere.</summary>
    Never,

    /// <summary>At the beginning of the whole text.</summary>
    First,

    /// <summary>At the beginning of every piece.</summary>
    Always,
}
