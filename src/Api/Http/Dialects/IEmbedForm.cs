using System.Text.Json;
using ActorEmbed.Actors.Messages;
using ActorEmbed.Api.Http.Bodies;
using ActorEmbed.Api.Http.Errors;

namespace ActorEmbed.Api.Http.Dialects;

/// <summary>
/// One of the bodies that <c>POST /embed</c> takes. Which of them a request has, the name of the field with its texts says:
/// nothing else tells the dialects of that path apart.
/// </summary>
internal interface IEmbedForm
{
    /// <summary>The field that holds the texts, in this form and no other.</summary>
    string TextsField { get; }

    /// <summary>What that field may hold beside a list of texts.</summary>
    TextFieldKinds Kinds { get; }

    /// <summary>How failures are told to who sends this form.</summary>
    ErrorFormat Errors { get; }

    /// <summary>Reads a field that only this form has; false when it is none. Called before it is known which form it is.</summary>
    /// <exception cref="BadRequestException">It asks for what cannot be had.</exception>
    bool TryRead(string field, ref Utf8JsonReader reader) => false;

    /// <summary>Adds what the form's clients expect in headers.</summary>
    void AddHeaders(HttpResponse response, EmbedRequest request, TextsEmbedded embedded)
    {
    }

    /// <summary>Writes the answer as JSON.</summary>
    Task WriteAsync(HttpResponse response, IReadOnlyList<float[]> vectors);
}
