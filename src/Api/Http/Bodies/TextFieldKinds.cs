namespace ActorEmbed.Api.Http.Bodies;

/// <summary>What a field may hold beside a list of texts.</summary>
[Flags]
internal enum TextFieldKinds
{
    /// <summary>Nothing else.</summary>
    List = 0,

    /// <summary>A text by itself.</summary>
    Single = 1,

    /// <summary>Token ids, or a list of such lists.</summary>
    TokenIds = 2,

    /// <summary>Objects whose field <c>text</c> is the text.</summary>
    Objects = 4,

    /// <summary>Token ids, or a list of such lists, and no texts.</summary>
    OnlyTokenIds = TokenIds | 8,
}
