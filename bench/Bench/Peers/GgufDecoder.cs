using System.Text.Json;
using ActorEmbed.Inference.Weights;

namespace ActorEmbed.Bench.Peers;

/// <summary>
/// A model made of a decoder's layers as llama.cpp's own conversion writes it: Qwen3-Embedding (architecture "qwen3") and
/// EmbeddingGemma ("gemma-embedding"). Its vocabulary is made up: whoever runs it sends token ids.
/// </summary>
internal static class GgufDecoder
{
    private const string GemmaType = "gemma3_text";

    // llama.cpp's numbers for kinds of tokens.
    private const int NormalToken = 1, ByteToken = 6;

    private static readonly Dictionary<string, string> Architectures = new(StringComparer.Ordinal) { ["qwen3"] = "qwen3", [GemmaType] = "gemma-embedding" };

    /// <summary>What is called the same in both.</summary>
    private static readonly (string Theirs, string Source)[] LayerTensors =
    [
        ("attn_norm", "input_layernorm"), ("attn_q", "self_attn.q_proj"), ("attn_k", "self_attn.k_proj"), ("attn_v", "self_attn.v_proj"),
        ("attn_q_norm", "self_attn.q_norm"), ("attn_k_norm", "self_attn.k_norm"), ("attn_output", "self_attn.o_proj"),
        ("ffn_gate", "mlp.gate_proj"), ("ffn_up", "mlp.up_proj"), ("ffn_down", "mlp.down_proj"),
    ];

    private static readonly (string Theirs, string Source)[] QwenNorms = [("ffn_norm", "post_attention_layernorm")];

    private static readonly (string Theirs, string Source)[] GemmaNorms =
    [
        ("post_attention_norm", "post_attention_layernorm"), ("ffn_norm", "pre_feedforward_layernorm"), ("post_ffw_norm", "post_feedforward_layernorm"),
    ];

    /// <summary>Whether a model's type is one of these two.</summary>
    public static bool Knows(string modelType) => Architectures.ContainsKey(modelType);

    /// <param name="directory">With config.json and model.safetensors.</param>
    /// <param name="matrices">What all matrices are written as; norms are in single precision.</param>
    /// <param name="path">The file.</param>
    public static void Write(string directory, GgufType matrices, string path)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(directory, "config.json")));
        using var weights = new SafetensorsFile(Path.Combine(directory, "model.safetensors"));
        var config = json.RootElement;
        var isGemma = config.GetProperty("model_type").ValueEquals(GemmaType);
        using var file = new GgufFile(path);
        WriteShape(file, config, matrices);
        AddTensor("token_embd", "embed_tokens");
        AddTensor("output_norm", "norm");
        for (var layer = 0; layer < config.GetProperty("num_hidden_layers").GetInt32(); layer++)
        {
            foreach (var (theirs, source) in LayerTensors.Concat(isGemma ? GemmaNorms : QwenNorms))
                AddTensor($"blk.{layer}.{theirs}", $"layers.{layer}.{source}");
        }

        file.Save();

        void AddTensor(string theirs, string source)
        {
            var tensor = weights.Find(source + ".weight")!;
            var isNorm = tensor.Shape.Length == 1;
            // Gemma stores a norm's factors as their difference from 1, llama.cpp wants the factors.
            var added = isNorm && isGemma ? 1f : 0f;
            file.Tensor(
                theirs + ".weight", tensor.Shape, isNorm ? GgufType.F32 : matrices,
                () => added == 0 ? weights.ReadFloats(tensor) : Array.ConvertAll(weights.ReadFloats(tensor), value => value + added));
        }
    }

    private static void WriteShape(GgufFile file, JsonElement config, GgufType matrices)
    {
        var modelType = config.GetProperty("model_type").GetString()!;
        var architecture = Architectures[modelType];
        void Count(string key, string field) => file.Entry($"{architecture}.{key}", config.GetProperty(field).GetUInt32());
        file.Entry("general.architecture", architecture);
        file.Entry("general.name", "standin");
        file.Entry("general.file_type", GgufNumbers.FileType(matrices));
        file.Entry("general.quantization_version", 2u);
        Count("block_count", "num_hidden_layers");
        Count("context_length", "max_position_embeddings");
        Count("embedding_length", "hidden_size");
        Count("feed_forward_length", "intermediate_size");
        Count("attention.head_count", "num_attention_heads");
        Count("attention.head_count_kv", "num_key_value_heads");
        Count("attention.key_length", "head_dim");
        Count("attention.value_length", "head_dim");
        file.Entry($"{architecture}.attention.layer_norm_rms_epsilon", config.GetProperty("rms_norm_eps").GetSingle());
        file.Entry($"{architecture}.rope.freq_base", config.GetProperty("rope_theta").GetSingle());
        if (modelType == GemmaType)
            Count("attention.sliding_window", "sliding_window");
        file.Entry($"{architecture}.pooling_type", (uint)(modelType == GemmaType ? GgufPooling.Mean : GgufPooling.LastToken));
        WriteVocabulary(file, config.GetProperty("vocab_size").GetInt32());
    }

    /// <summary>
    /// Words that nobody looks up. The library does not start without some, and not without one for each byte. Nothing is put
    /// around token ids.
    /// </summary>
    private static void WriteVocabulary(GgufFile file, int size)
    {
        file.Entry("tokenizer.ggml.model", "llama");
        file.Entry("tokenizer.ggml.tokens", [.. Enumerable.Range(0, size).Select(id => id <= byte.MaxValue ? $"<0x{id:X2}>" : $"w{id}")]);
        file.Entry("tokenizer.ggml.scores", new float[size]);
        file.Entry("tokenizer.ggml.token_type", [.. Enumerable.Range(0, size).Select(id => id <= byte.MaxValue ? ByteToken : NormalToken)]);
        file.Entry("tokenizer.ggml.add_bos_token", false);
        file.Entry("tokenizer.ggml.add_eos_token", false);
    }
}
