using System.Text.Json;
using ActorEmbed.Inference.Weights;
using static ActorEmbed.Bench.StandIn.StandInShape;

namespace ActorEmbed.Bench.StandIn;

/// <summary>Writes a complete model directory with seeded random weights; nothing of it is committed.</summary>
internal static class StandInModel
{
    // Any fixed number: the same files on every machine.
    private const ulong Seed = 20_240_817;

    private static readonly string[] Architectures = ["XLMRobertaModel"];

    // Written last: its presence says that the directory is whole.
    private const string CompleteMark = "standin.complete";

    /// <summary>Writes the model unless it is there already.</summary>
    public static void Ensure(string directory)
    {
        if (File.Exists(Path.Combine(directory, CompleteMark)))
            return;
        Console.Error.WriteLine($"Writing the stand-in model to {directory} (2.2 GB, once).");
        Directory.CreateDirectory(Path.Combine(directory, "onnx"));
        Directory.CreateDirectory(Path.Combine(directory, "1_Pooling"));
        WriteConfiguration(directory);
        StandInTokenizer.Write(Path.Combine(directory, "sentencepiece.bpe.model"));
        var safetensors = Path.Combine(directory, "model.safetensors");
        SeededSafetensors.Write(safetensors, [.. StandInWeights.List()], Seed);
        using (var file = new SafetensorsFile(safetensors))
            PlainGraph.Write(file, Path.Combine(directory, "onnx", "model.onnx"));
        File.WriteAllText(Path.Combine(directory, CompleteMark), "");
    }

    private static void WriteConfiguration(string directory)
    {
        void Write(string name, object content) =>
            File.WriteAllText(Path.Combine(directory, name), JsonSerializer.Serialize(content));

        Write("config.json", new
        {
            architectures = Architectures,
            model_type = "xlm-roberta",
            hidden_act = "gelu",
            hidden_size = Hidden,
            intermediate_size = FeedForward,
            num_attention_heads = Heads,
            num_hidden_layers = Layers,
            layer_norm_eps = NormEpsilon,
            max_position_embeddings = Positions,
            position_embedding_type = "absolute",
            type_vocab_size = 1,
            vocab_size = Vocabulary,
            bos_token_id = 0,
            pad_token_id = 1,
            eos_token_id = 2,
        });
        Write("modules.json", new[]
        {
            new { idx = 0, name = "0", path = "", type = "sentence_transformers.models.Transformer" },
            new { idx = 1, name = "1", path = "1_Pooling", type = "sentence_transformers.models.Pooling" },
        });
        Write("1_Pooling/config.json", new { word_embedding_dimension = Hidden, pooling_mode_mean_tokens = true });
        Write("sentence_bert_config.json", new { max_seq_length = MaxTokens, do_lower_case = false });
        Write("tokenizer_config.json", new
        {
            tokenizer_class = "XLMRobertaTokenizer",
            model_max_length = MaxTokens,
            bos_token = "<s>",
            cls_token = "<s>",
            eos_token = "</s>",
            sep_token = "</s>",
            unk_token = "<unk>",
            pad_token = "<pad>",
            mask_token = "<mask>",
        });
    }
}
