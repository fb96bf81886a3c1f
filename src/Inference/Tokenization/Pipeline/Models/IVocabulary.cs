namespace ActorEmbed.Inference.Tokenization.Pipeline.Models;

/// <summary>The entries of a model's vocabulary, without what is added to it.</summary>
internal interface IVocabulary
{
    /// <summary>How many entries there are.</summary>
    int Count { get; }

    /// <summary>The largest id.</summary>
    int LargestId { get; }

    /// <summary>The id of an entry; null where it is none.</summary>
    int? IdOf(string text);

    /// <summary>The entry of an id; null where there is none.</summary>
    string? TextOf(int id);
}
