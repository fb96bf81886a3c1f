namespace ActorEmbed.Inference.Graphs.Decoders;

/// <summary>The shape of an encoder made of a decoder's layers.</summary>
/// <param name="Shape">What every encoder has.</param>
/// <param name="KeyValueHeads">Heads of keys and values, shared by the heads of the queries.</param>
internal abstract record DecoderArchitecture(EncoderArchitecture Shape, int KeyValueHeads) : EncoderArchitecture(Shape)
{
    /// <summary>Components of all heads of the queries.</summary>
    public int QueryWidth => Heads * HeadSize;

    /// <summary>Components of all heads of the keys.</summary>
    public int KeyWidth => KeyValueHeads * HeadSize;
}
