using System.Text.Json;
using ActorEmbed.Inference.Tokenization.Pipeline.PostProcessors;

namespace ActorEmbed.Inference.Tokenization.Pipeline.Json;

/// <summary>Reads the <c>post_processor</c> of a tokenizer.json.</summary>
internal static class PostProcessorReader
{
    public static PostProcessor Read(JsonPart part)
    {
        try
        {
            return part.Type switch
            {
                "Sequence" => part.Items("processors").Select(Read).Aggregate(PostProcessor.None, (inner, outer) => inner.Then(outer)),
                "TemplateProcessing" => Template(part),
                "BertProcessing" => Bert(part),
                "RobertaProcessing" => Roberta(part),
                "ByteLevel" => PostProcessor.None with { TrimsPlaces = part.Flag("trim_offsets", absent: true) },
                _ => throw part.Unknown(),
            };
        }
        catch (InvalidDataException e)
        {
            throw part.Invalid(e.Message, e);
        }
    }

    private static PostProcessor Template(JsonPart part)
    {
        var special = part.Child("special_tokens");
        return new PostProcessor(Parts("single"), part.Child("pair") is null ? PostProcessor.None.Pair : Parts("pair"));

        TemplatePart[] Parts(string name) => [.. part.Items(name).Select(item => item.Child("SpecialToken") is { } token
            ? new TemplatePart(Ids(token), 0, token.NumberOrNull("type_id") ?? 0)
            : Sequence(item.RequiredChild("Sequence")))];

        int[] Ids(JsonPart token)
        {
            var described = special?.Child(token.Text("id")) ?? throw token.Invalid($"'{token.Text("id")}' is not among the special tokens");
            return [.. described.Items("ids").Select(id => id.Element.ValueKind == JsonValueKind.Number && id.Element.TryGetInt32(out var value) && value >= 0
                ? value
                : throw id.Invalid("an id is expected"))];
        }
    }

    private static TemplatePart Sequence(JsonPart part) => part.Text("id") switch
    {
        "A" => new TemplatePart(null, 0, part.NumberOrNull("type_id") ?? 0),
        "B" => new TemplatePart(null, 1, part.NumberOrNull("type_id") ?? 0),
        var other => throw part.Invalid($"the text '{other}' is not known"),
    };

    private static PostProcessor Bert(JsonPart part)
    {
        var (cls, sep) = (Id(part, "cls"), Id(part, "sep"));
        return new PostProcessor(
            [Special(cls, 0), Text(0, 0), Special(sep, 0)],
            [Special(cls, 0), Text(0, 0), Special(sep, 0), Text(1, 1), Special(sep, 1)]);
    }

    private static PostProcessor Roberta(JsonPart part)
    {
        var (cls, sep) = (Id(part, "cls"), Id(part, "sep"));
        return new PostProcessor(
            [Special(cls, 0), Text(0, 0), Special(sep, 0)],
            [Special(cls, 0), Text(0, 0), Special(sep, 0), Special(sep, 0), Text(1, 0), Special(sep, 0)])
        {
            TrimsPlaces = part.Flag("trim_offsets", absent: true),
        };
    }

    private static TemplatePart Special(int id, int typeId) => new([id], 0, typeId);

    private static TemplatePart Text(int text, int typeId) => new(null, text, typeId);

    // Written as a text and an id.
    private static int Id(JsonPart part, string name)
    {
        var token = part.RequiredChild(name);
        return token.Element.ValueKind == JsonValueKind.Array && token.Element.GetArrayLength() == 2
            && token.Element[1].ValueKind == JsonValueKind.Number && token.Element[1].TryGetInt32(out var id) && id >= 0
                ? id
                : throw token.Invalid("a text and an id are expected");
    }
}
