namespace ActorEmbed.Inference.Tokenization.Pipeline.PostProcessors;

/// <summary>What is put around the tokens of a text, or of two texts that are read together.</summary>
internal sealed record PostProcessor
{
    /// <summary>Nothing around a text, and two texts one after the other.</summary>
    public static PostProcessor None { get; } = new(
        [new TemplatePart(null, 0, 0)], [new TemplatePart(null, 0, 0), new TemplatePart(null, 1, 1)]);

    /// <param name="single">For one text; it has the text once.</param>
    /// <param name="pair">For two texts; it has each once.</param>
    /// <exception cref="InvalidDataException">A text is missing, or there twice.</exception>
    public PostProcessor(IReadOnlyList<TemplatePart> single, IReadOnlyList<TemplatePart> pair)
    {
        if (single.Count(part => part.Ids is null) != 1 || single.Any(part => part.Text != 0))
            throw new InvalidDataException("the template for one text does not have it exactly once");
        if (pair.Count(part => part.Ids is null && part.Text == 0) != 1 || pair.Count(part => part.Ids is null && part.Text == 1) != 1)
            throw new InvalidDataException("the template for two texts does not have each of them exactly once");
        Single = single;
        Pair = pair;
        Before = [.. single.TakeWhile(part => part.Ids is not null).SelectMany(part => part.Ids!)];
        After = [.. single.SkipWhile(part => part.Ids is not null).Skip(1).SelectMany(part => part.Ids!)];
    }

    /// <summary>The parts around one text.</summary>
    public IReadOnlyList<TemplatePart> Single { get; }

    /// <summary>The parts around two texts.</summary>
    public IReadOnlyList<TemplatePart> Pair { get; }

    /// <summary>The special tokens before one text.</summary>
    public IReadOnlyList<int> Before { get; }

    /// <summary>The special tokens after one text.</summary>
    public IReadOnlyList<int> After { get; }

    /// <summary>Whether the white space at the ends of a token is no part of its place.</summary>
    public bool TrimsPlaces { get; init; }

    /// <summary>Puts another one around this one.</summary>
    public PostProcessor Then(PostProcessor outer) => new(
        [.. outer.Single.SelectMany(part => part.Ids is null ? Single : [part])],
        ReferenceEquals(outer, None) || outer.Pair.All(part => part.Ids is null) ? Pair : outer.Pair)
    {
        TrimsPlaces = TrimsPlaces || outer.TrimsPlaces,
    };
}
