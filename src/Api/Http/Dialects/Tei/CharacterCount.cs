namespace ActorEmbed.Api.Http.Dialects.Tei;

/// <summary>
/// Counts a text's characters: Unicode scalar values, as text-embeddings-inference does, where .NET counts UTF-16 code units.
/// It goes on from the last place that was asked for, so that a whole text is counted once.
/// </summary>
internal struct CharacterCount(string text)
{
    private int _units;
    private int _characters;

    /// <summary>Characters before a place, which is given in code units and splits no pair.</summary>
    public int UpTo(int units)
    {
        for (; _units < units; _units++)
            _characters += char.IsLowSurrogate(text[_units]) && _units > 0 && char.IsHighSurrogate(text[_units - 1]) ? 0 : 1;
        for (; _units > units; _units--)
            _characters -= char.IsLowSurrogate(text[_units - 1]) && _units > 1 && char.IsHighSurrogate(text[_units - 2]) ? 0 : 1;
        return _characters;
    }
}
