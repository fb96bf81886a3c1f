using System.Text.Json;
using ActorEmbed.Bench.StandIn;
using ActorEmbed.Inference;

namespace ActorEmbed.Bench.Families;

/// <summary>Writes a model directory of a family's shape, with seeded random weights and a tokenizer of made-up words.</summary>
internal static class FamilyModel
{
    // Any fixed number: the same files on every machine.
    private const ulong Seed = 20_261_125;

    // Near those of trained encoders.
    private const float WeightDeviation = 0.04f;
    private const float SmallDeviation = 0.02f;

    // Written last: its presence says that the directory is whole. The number changes with what is written.
    private const string CompleteMark = "standin.complete-2";

    private static readonly string[] SpecialWords = ["<s>", "<pad>", "</s>", "<unk>"];

    /// <summary>Writes the model below a directory unless it is there already.</summary>
    /// <returns>The model's own directory.</returns>
    public static string Ensure(string root, FamilyShape shape)
    {
        var directory = Path.Combine(root, shape.Name);
        if (File.Exists(Path.Combine(directory, CompleteMark)))
            return directory;
        Console.Error.WriteLine($"Writing the stand-in of {shape.Name}, once.");
        Directory.CreateDirectory(Path.Combine(directory, "1_Pooling"));
        void Write(string name, object content) => File.WriteAllText(Path.Combine(directory, name), JsonSerializer.Serialize(content));
        Write("config.json", shape.Config);
        Write("modules.json", new[]
        {
            new { idx = 0, name = "0", path = "", type = "sentence_transformers.models.Transformer" },
            new { idx = 1, name = "1", path = "1_Pooling", type = "sentence_transformers.models.Pooling" },
        });
        Write("1_Pooling/config.json", new
        {
            word_embedding_dimension = shape.Hidden,
            pooling_mode_mean_tokens = shape.Pooling == PoolingMode.Mean,
            pooling_mode_cls_token = shape.Pooling == PoolingMode.Cls,
            pooling_mode_lasttoken = shape.Pooling == PoolingMode.LastToken,
        });
        Write("sentence_bert_config.json", new { max_seq_length = shape.MaxTokens, do_lower_case = false });
        Write("tokenizer_config.json", new { tokenizer_class = "PreTrainedTokenizerFast", model_max_length = shape.MaxTokens, pad_token = "<pad>" });
        Write("tokenizer.json", Tokenizer(shape.Vocabulary));
        SeededSafetensors.Write(
            Path.Combine(directory, "model.safetensors"),
            [.. shape.Tensors.Select(tensor => (tensor.Name, tensor.Shape, Mean(shape, tensor.Name), tensor.Shape.Length == 1 ? SmallDeviation : WeightDeviation))],
            Seed,
            shape.IsHalf);
        File.WriteAllText(Path.Combine(directory, CompleteMark), "");
        return directory;
    }

    private static float Mean(FamilyShape shape, string tensor) => tensor.EndsWith("bias", StringComparison.Ordinal) ? 0
        : Array.Exists<string>(["norm", "_ln", "LayerNorm", "norm1", "norm2"], norm => tensor.EndsWith(norm + ".weight", StringComparison.OrdinalIgnoreCase)) ? shape.NormMean
        : 0;

    /// <summary>Words w4, w5, ... with the ids that they name.</summary>
    private static object Tokenizer(int vocabulary) => new
    {
        version = "1.0",
        added_tokens = SpecialWords.Select((word, id) => new
        {
            id,
            content = word,
            single_word = false,
            lstrip = false,
            rstrip = false,
            normalized = false,
            special = true,
        }),
        pre_tokenizer = new { type = "WhitespaceSplit" },
        post_processor = new
        {
            type = "TemplateProcessing",
            single = new object[]
            {
                new { SpecialToken = new { id = "<s>", type_id = 0 } }, new { Sequence = new { id = "A", type_id = 0 } },
                new { SpecialToken = new { id = "</s>", type_id = 0 } },
            },
            pair = new object[]
            {
                new { SpecialToken = new { id = "<s>", type_id = 0 } }, new { Sequence = new { id = "A", type_id = 0 } },
                new { SpecialToken = new { id = "</s>", type_id = 0 } }, new { Sequence = new { id = "B", type_id = 0 } },
                new { SpecialToken = new { id = "</s>", type_id = 0 } },
            },
            special_tokens = new Dictionary<string, object>
            {
                ["<s>"] = new { id = "<s>", ids = new[] { 0 }, tokens = new[] { "<s>" } },
                ["</s>"] = new { id = "</s>", ids = new[] { 2 }, tokens = new[] { "</s>" } },
            },
        },
        model = new
        {
            type = "WordLevel",
            unk_token = "<unk>",
            vocab = SpecialWords.Concat(Enumerable.Range(SpecialWords.Length, vocabulary - SpecialWords.Length).Select(id => $"w{id}"))
                .Select((word, id) => (word, id)).ToDictionary(pair => pair.word, pair => pair.id),
        },
    };
}
