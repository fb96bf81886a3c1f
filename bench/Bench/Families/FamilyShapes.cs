using ActorEmbed.Inference;

namespace ActorEmbed.Bench.Families;

/// <summary>The models that the bench has stand-ins for, with the names that their repositories have.</summary>
internal static class FamilyShapes
{
    public static IReadOnlyList<FamilyShape> All { get; } =
    [
        Bert("all-MiniLM-L6-v2", layers: 6, hidden: 384, heads: 12, vocabulary: 30_522),
        MpNet("all-mpnet-base-v2"),
        Nomic("nomic-embed-text-v1.5"),
        Gte("gte-multilingual-base"),
        ModernBert("gte-modernbert-base"),
        Qwen3("Qwen3-Embedding-0.6B"),
        Gemma3("embeddinggemma-300m"),
        XlmRobertaLong("xlm-roberta-base-8k"),
    ];

    private static FamilyShape Bert(string name, int layers, int hidden, int heads, int vocabulary) => new(
        name, layers, hidden, hidden, hidden, 4 * hidden, IsGated: false, vocabulary, MaxTokens: 512,
        new
        {
            model_type = "bert",
            hidden_act = "gelu",
            hidden_size = hidden,
            intermediate_size = 4 * hidden,
            num_attention_heads = heads,
            num_hidden_layers = layers,
            layer_norm_eps = 1e-12,
            max_position_embeddings = 512,
            vocab_size = vocabulary,
            pad_token_id = 0,
        },
        PoolingMode.Mean,
        PostNorm(layers, hidden, vocabulary, 512, "attention.self.query", "attention.self.key", "attention.self.value",
            "attention.output.dense", "attention.output.LayerNorm"));

    private static FamilyShape XlmRobertaLong(string name) => new(
        name, Layers: 12, Hidden: 768, 768, 768, 3072, IsGated: false, Vocabulary: 250_002, MaxTokens: 8192,
        new
        {
            model_type = "xlm-roberta",
            hidden_act = "gelu",
            hidden_size = 768,
            intermediate_size = 3072,
            num_attention_heads = 12,
            num_hidden_layers = 12,
            layer_norm_eps = 1e-5,
            max_position_embeddings = 8194,
            vocab_size = 250_002,
            pad_token_id = 1,
        },
        PoolingMode.Mean,
        PostNorm(12, 768, 250_002, 8194, "attention.self.query", "attention.self.key", "attention.self.value",
            "attention.output.dense", "attention.output.LayerNorm"));

    private static FamilyShape MpNet(string name) => new(
        name, Layers: 12, Hidden: 768, 768, 768, 3072, IsGated: false, Vocabulary: 30_527, MaxTokens: 512,
        new
        {
            model_type = "mpnet",
            hidden_act = "gelu",
            hidden_size = 768,
            intermediate_size = 3072,
            num_attention_heads = 12,
            num_hidden_layers = 12,
            layer_norm_eps = 1e-5,
            max_position_embeddings = 514,
            vocab_size = 30_527,
            relative_attention_num_buckets = 32,
        },
        PoolingMode.Mean,
        [
            .. PostNorm(12, 768, 30_527, 514, "attention.attn.q", "attention.attn.k", "attention.attn.v", "attention.attn.o", "attention.LayerNorm"),
            ("encoder.relative_attention_bias.weight", [32, 12]),
        ]);

    private static FamilyShape Nomic(string name) => new(
        name, Layers: 12, Hidden: 768, 768, 768, 3072, IsGated: true, Vocabulary: 30_528, MaxTokens: 8192,
        new
        {
            model_type = "nomic_bert",
            activation_function = "swiglu",
            n_embd = 768,
            n_head = 12,
            n_inner = 3072,
            n_layer = 12,
            n_positions = 8192,
            layer_norm_epsilon = 1e-12,
            rotary_emb_base = 1000,
            vocab_size = 30_528,
            type_vocab_size = 2,
            qkv_proj_bias = false,
        },
        PoolingMode.Mean,
        [
            ("embeddings.word_embeddings.weight", [30_528, 768]),
            ("embeddings.token_type_embeddings.weight", [2, 768]),
            .. Norm("emb_ln", 768),
            .. Layers(12, layer => (IEnumerable<(string, long[])>)
            [
                ($"encoder.layers.{layer}.attn.Wqkv.weight", [2304, 768]),
                ($"encoder.layers.{layer}.attn.out_proj.weight", [768, 768]),
                ($"encoder.layers.{layer}.mlp.fc11.weight", [3072, 768]),
                ($"encoder.layers.{layer}.mlp.fc12.weight", [3072, 768]),
                ($"encoder.layers.{layer}.mlp.fc2.weight", [768, 3072]),
                .. Norm($"encoder.layers.{layer}.norm1", 768),
                .. Norm($"encoder.layers.{layer}.norm2", 768),
            ]),
        ]);

    private static FamilyShape Gte(string name) => new(
        name, Layers: 12, Hidden: 768, 768, 768, 3072, IsGated: true, Vocabulary: 250_048, MaxTokens: 8192,
        new
        {
            model_type = "new",
            hidden_act = "gelu",
            hidden_size = 768,
            intermediate_size = 3072,
            num_attention_heads = 12,
            num_hidden_layers = 12,
            layer_norm_eps = 1e-12,
            layer_norm_type = "layer_norm",
            max_position_embeddings = 8192,
            position_embedding_type = "rope",
            rope_theta = 20_000,
            rope_scaling = new { factor = 8.0, type = "ntk" },
            type_vocab_size = 1,
            vocab_size = 250_048,
        },
        PoolingMode.Cls,
        [
            ("embeddings.word_embeddings.weight", [250_048, 768]),
            ("embeddings.token_type_embeddings.weight", [1, 768]),
            .. Norm("embeddings.LayerNorm", 768),
            .. Layers(12, layer => (IEnumerable<(string, long[])>)
            [
                .. Dense($"encoder.layer.{layer}.attention.qkv_proj", 2304, 768),
                .. Dense($"encoder.layer.{layer}.attention.o_proj", 768, 768),
                ($"encoder.layer.{layer}.mlp.up_gate_proj.weight", [6144, 768]),
                .. Dense($"encoder.layer.{layer}.mlp.down_proj", 768, 3072),
                .. Norm($"encoder.layer.{layer}.attn_ln", 768),
                .. Norm($"encoder.layer.{layer}.mlp_ln", 768),
            ]),
        ]);

    private static FamilyShape ModernBert(string name) => new(
        name, Layers: 22, Hidden: 768, 768, 768, 1152, IsGated: true, Vocabulary: 50_368, MaxTokens: 8192,
        new
        {
            model_type = "modernbert",
            hidden_activation = "gelu",
            hidden_size = 768,
            intermediate_size = 1152,
            num_attention_heads = 12,
            num_hidden_layers = 22,
            norm_eps = 1e-5,
            max_position_embeddings = 8192,
            vocab_size = 50_368,
            global_attn_every_n_layers = 3,
            local_attention = 128,
            global_rope_theta = 160_000.0,
            local_rope_theta = 10_000.0,
        },
        PoolingMode.Cls,
        [
            ("embeddings.tok_embeddings.weight", [50_368, 768]),
            ("embeddings.norm.weight", [768]),
            ("final_norm.weight", [768]),
            .. Layers(22, layer => (IEnumerable<(string, long[])>)
            [
                .. layer == 0 ? [] : new (string, long[])[] { ($"layers.{layer}.attn_norm.weight", [768]) },
                ($"layers.{layer}.attn.Wqkv.weight", [2304, 768]),
                ($"layers.{layer}.attn.Wo.weight", [768, 768]),
                ($"layers.{layer}.mlp_norm.weight", [768]),
                ($"layers.{layer}.mlp.Wi.weight", [2304, 768]),
                ($"layers.{layer}.mlp.Wo.weight", [768, 1152]),
            ]),
        ]);

    private static FamilyShape Qwen3(string name) => new(
        name, Layers: 28, Hidden: 1024, QueryWidth: 2048, KeyWidth: 1024, FeedForward: 3072, IsGated: true, Vocabulary: 151_669, MaxTokens: 8192,
        new
        {
            model_type = "qwen3",
            hidden_act = "silu",
            hidden_size = 1024,
            intermediate_size = 3072,
            num_attention_heads = 16,
            num_key_value_heads = 8,
            head_dim = 128,
            num_hidden_layers = 28,
            rms_norm_eps = 1e-6,
            rope_theta = 1_000_000,
            max_position_embeddings = 32_768,
            vocab_size = 151_669,
        },
        PoolingMode.LastToken,
        Decoder(28, 1024, 2048, 1024, 128, 3072, 151_669, "input_layernorm", "post_attention_layernorm"),
        IsHalf: true);

    private static FamilyShape Gemma3(string name) => new(
        name, Layers: 24, Hidden: 768, QueryWidth: 768, KeyWidth: 256, FeedForward: 1152, IsGated: true, Vocabulary: 262_144, MaxTokens: 2048,
        new
        {
            model_type = "gemma3_text",
            hidden_activation = "gelu_pytorch_tanh",
            hidden_size = 768,
            intermediate_size = 1152,
            num_attention_heads = 3,
            num_key_value_heads = 1,
            head_dim = 256,
            num_hidden_layers = 24,
            rms_norm_eps = 1e-6,
            rope_theta = 1_000_000.0,
            rope_local_base_freq = 10_000.0,
            max_position_embeddings = 2048,
            vocab_size = 262_144,
            query_pre_attn_scalar = 256,
            sliding_window = 512,
            _sliding_window_pattern = 6,
            use_bidirectional_attention = true,
        },
        PoolingMode.Mean,
        Decoder(24, 768, 768, 256, 256, 1152, 262_144,
            "input_layernorm", "post_attention_layernorm", "pre_feedforward_layernorm", "post_feedforward_layernorm"),
        IsHalf: true,
        NormMean: 0);

    private static IReadOnlyList<(string, long[])> PostNorm(
        int layers, int hidden, int vocabulary, int positions, string query, string key, string value, string output, string attentionNorm) =>
    [
        ("embeddings.word_embeddings.weight", [vocabulary, hidden]),
        ("embeddings.position_embeddings.weight", [positions, hidden]),
        .. Norm("embeddings.LayerNorm", hidden),
        .. Layers(layers, layer => (IEnumerable<(string, long[])>)
        [
            .. Dense($"encoder.layer.{layer}.{query}", hidden, hidden),
            .. Dense($"encoder.layer.{layer}.{key}", hidden, hidden),
            .. Dense($"encoder.layer.{layer}.{value}", hidden, hidden),
            .. Dense($"encoder.layer.{layer}.{output}", hidden, hidden),
            .. Norm($"encoder.layer.{layer}.{attentionNorm}", hidden),
            .. Dense($"encoder.layer.{layer}.intermediate.dense", 4 * hidden, hidden),
            .. Dense($"encoder.layer.{layer}.output.dense", hidden, 4 * hidden),
            .. Norm($"encoder.layer.{layer}.output.LayerNorm", hidden),
        ]),
    ];

    private static IReadOnlyList<(string, long[])> Decoder(
        int layers, int hidden, int queryWidth, int keyWidth, int headSize, int wide, int vocabulary, params string[] norms) =>
    [
        ("embed_tokens.weight", [vocabulary, hidden]),
        ("norm.weight", [hidden]),
        .. Layers(layers, layer => (IEnumerable<(string, long[])>)
        [
            .. norms.Select(norm => ($"layers.{layer}.{norm}.weight", new long[] { hidden })),
            ($"layers.{layer}.self_attn.q_proj.weight", [queryWidth, hidden]),
            ($"layers.{layer}.self_attn.k_proj.weight", [keyWidth, hidden]),
            ($"layers.{layer}.self_attn.v_proj.weight", [keyWidth, hidden]),
            ($"layers.{layer}.self_attn.o_proj.weight", [hidden, queryWidth]),
            ($"layers.{layer}.self_attn.q_norm.weight", [headSize]),
            ($"layers.{layer}.self_attn.k_norm.weight", [headSize]),
            ($"layers.{layer}.mlp.gate_proj.weight", [wide, hidden]),
            ($"layers.{layer}.mlp.up_proj.weight", [wide, hidden]),
            ($"layers.{layer}.mlp.down_proj.weight", [hidden, wide]),
        ]),
    ];

    private static IEnumerable<(string, long[])> Layers(int layers, Func<int, IEnumerable<(string, long[])>> tensors) =>
        Enumerable.Range(0, layers).SelectMany(tensors);

    private static IEnumerable<(string, long[])> Dense(string name, long outputs, long inputs) =>
        [(name + ".weight", [outputs, inputs]), (name + ".bias", [outputs])];

    private static IEnumerable<(string, long[])> Norm(string name, long hidden) => [(name + ".weight", [hidden]), (name + ".bias", [hidden])];
}
