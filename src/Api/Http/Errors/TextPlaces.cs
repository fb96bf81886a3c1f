namespace ActorEmbed.Api.Http.Errors;

/// <summary>Where in the body the text with this index of the command stands: its field, and its index where that is a list.</summary>
internal delegate (string? Field, int? Index) TextPlaces(int index);
