using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Net.Mime;
using System.Text.Json;
using ActorEmbed.Api.Http.Errors;
using Microsoft.AspNetCore.Connections;
using Microsoft.Net.Http.Headers;

namespace ActorEmbed.Api.Http.Bodies;

/// <summary>Reads a request's body as a JSON object, field by field, so that an error can name the place.</summary>
internal static class JsonBody
{
    /// <summary>Reads the value of the current field; false leaves it to be ignored.</summary>
    public delegate bool FieldReader(string field, ref Utf8JsonReader reader);

    /// <param name="request">Its body is read to the end.</param>
    /// <param name="readField">Called with each field.</param>
    /// <param name="takesAnyContentType">Whether the body is JSON whatever the request calls it.</param>
    /// <exception cref="BadRequestException">No body, another content type, or not a JSON object.</exception>
    public static async Task ReadObjectAsync(HttpRequest request, FieldReader readField, bool takesAnyContentType = false)
    {
        if (!takesAnyContentType)
            CheckContentType(request);
        var body = request.BodyReader;
        var read = await ReadToEndAsync(request.HttpContext, body);
        try
        {
            if (read.Buffer.IsEmpty)
                throw new BadRequestException(StatusCodes.Status400BadRequest, "The body is empty; a JSON object is expected.");
            ReadBody(WithoutByteOrderMark(read.Buffer), readField);
        }
        catch (JsonException e)
        {
            // The message can hold the rest of the body.
            throw new BadRequestException(StatusCodes.Status400BadRequest, string.Create(
                CultureInfo.InvariantCulture, $"The body is not valid JSON at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}: {Quoted.Of(e.Message)}"));
        }
        finally
        {
            body.AdvanceTo(read.Buffer.End);
        }
    }

    /// <summary>Reads the current value, which has to be an object.</summary>
    /// <returns>True, as a field reader that has read its field.</returns>
    public static bool ReadObject(ref Utf8JsonReader reader, string field, FieldReader readField)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw JsonFields.Wrong(ref reader, field, "an object");
        ReadFields(ref reader, readField);
        return true;
    }

    /// <summary>The current string.</summary>
    /// <exception cref="BadRequestException">It is not valid Unicode.</exception>
    public static string ReadString(ref Utf8JsonReader reader, string field, int? index)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw Invalid($"{Place(field, index)} is not valid Unicode: invalid UTF-8 or an unpaired surrogate.", field, index);
        }
    }

    public static BadRequestException Invalid(string message, string field, int? index = null) =>
        new(StatusCodes.Status422UnprocessableEntity, message, field, index);

    public static BadRequestException Missing(string field) => Invalid($"'{field}' is missing.", field);

    public static string Place(string field, int? index) => index is null ? $"'{field}'" : $"'{field}[{index}]'";

    /// <summary>What the current token is, in words for a person.</summary>
    public static string Describe(JsonTokenType token) => token switch
    {
        JsonTokenType.Null => "null",
        JsonTokenType.True or JsonTokenType.False => "a boolean",
        JsonTokenType.Number => "a number",
        JsonTokenType.String => "a string",
        JsonTokenType.StartArray => "a list",
        _ => "an object",
    };

    private static async Task<ReadResult> ReadToEndAsync(HttpContext context, PipeReader body)
    {
        try
        {
            var read = await body.ReadAsync(context.RequestAborted);
            while (!read.IsCompleted)
            {
                body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                read = await body.ReadAsync(context.RequestAborted);
            }

            return read;
        }
        // Kestrel has no better exception for the length of a chunk that is out of all bounds.
        catch (IOException e) when (e is not (BadHttpRequestException or ConnectionResetException))
        {
            throw new BadRequestException(StatusCodes.Status400BadRequest, "The body cannot be read: the length of a chunk is wrong.");
        }
        // What the decompressors make of bytes that are not theirs.
        catch (Exception e) when (e is InvalidDataException or InvalidOperationException && context.Features.Get<BodyEncoding>() is { } encoding)
        {
            throw new BadRequestException(
                StatusCodes.Status400BadRequest, $"The body is not {encoding.Name}, as its content encoding says, or breaks off.", "Content-Encoding");
        }
    }

    private static void ReadBody(ReadOnlySequence<byte> json, FieldReader readField)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new BadRequestException(StatusCodes.Status422UnprocessableEntity, $"The body is {Describe(reader.TokenType)}; a JSON object is expected.");

        ReadFields(ref reader, readField);
        // Anything after the object is an error, which the reader finds when it is asked for more.
        reader.Read();
    }

    private static void ReadFields(ref Utf8JsonReader reader, FieldReader readField)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var field = ReadString(ref reader, "(field name)", null);
            reader.Read();
            if (!readField(field, ref reader))
                reader.Skip();
        }
    }

    private static void CheckContentType(HttpRequest request)
    {
        // A client that names no type at all means JSON; nothing else is served here.
        if (string.IsNullOrEmpty(request.ContentType))
            return;
        var isJson = MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            && (type.MediaType.Equals(MediaTypeNames.Application.Json, StringComparison.OrdinalIgnoreCase)
                || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase))
            && (!type.Charset.HasValue || type.Charset.Value.Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase));
        if (!isJson)
            throw new BadRequestException(StatusCodes.Status415UnsupportedMediaType, "The content type must be application/json in UTF-8.", "Content-Type");
    }

    private static ReadOnlySequence<byte> WithoutByteOrderMark(ReadOnlySequence<byte> json)
    {
        var reader = new SequenceReader<byte>(json);
        return reader.IsNext([0xEF, 0xBB, 0xBF], advancePast: true) ? reader.UnreadSequence : json;
    }
}
