namespace ActorEmbed.Inference.Tokenization;

/// <summary>A token that is recognised in the raw text, before anything is normalised.</summary>
/// <param name="Text">As it is written in a text, such as <c>&lt;mask&gt;</c>.</param>
/// <param name="Id">Its id in the model's vocabulary.</param>
/// <param name="StripsLeft">Whether it swallows the white space before it.</param>
internal sealed record SpecialToken(string Text, int Id, bool StripsLeft = false);
