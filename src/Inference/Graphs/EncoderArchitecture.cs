using System.Text.Json;

namespace ActorEmbed.Inference.Graphs;

/// <summary>The shape of an encoder of the BERT family, as its <c>config.json</c> states it.</summary>
/// <param name="Layers">Transformer layers.</param>
/// <param name="Hidden">Length of a token's vector.</param>
/// <param name="Heads">Attention heads; divides <paramref name="Hidden"/>.</param>
/// <param name="FeedForward">Width between the two products of the feed-forward block.</param>
/// <param name="Vocabulary">Rows of the token table.</param>
/// <param name="Positions">Rows of the position table.</param>
/// <param name="PaddingId">
/// The token that RoBERTa's position ids skip (they count from this id plus one), or null where they count every
/// token from 0, as BERT's do.
/// </param>
/// <param name="NormEpsilon">Epsilon of every layer normalisation.</param>
internal sealed record EncoderArchitecture(
    int Layers, int Hidden, int Heads, int FeedForward, int Vocabulary, int Positions, int? PaddingId, float NormEpsilon)
{
    // As the transformers library has them for configurations that leave the field out.
    private const float DefaultNormEpsilon = 1e-12f;
    private const int DefaultRobertaPaddingId = 1;

    public int HeadSize => Hidden / Heads;

    /// <summary>Position id of the first token of a text.</summary>
    public int FirstPosition => PaddingId + 1 ?? 0;

    /// <summary>Most tokens of a text that have a position of their own.</summary>
    public int MaxTokens => Positions - FirstPosition;

    /// <summary>Reads a configuration.</summary>
    /// <param name="configPath">Path of <c>config.json</c>.</param>
    /// <param name="whyNot">What the graph builder does not know, where it returns null.</param>
    public static EncoderArchitecture? TryRead(string configPath, out string whyNot)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(configPath));
            return TryParse(document.RootElement, out whyNot);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException
            or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            whyNot = $"{configPath}: {e.Message}";
            return null;
        }
    }

    private static EncoderArchitecture? TryParse(JsonElement config, out string whyNot)
    {
        var modelType = Text(config, "model_type", "");
        var isRoberta = modelType is "xlm-roberta" or "roberta" or "camembert";
        var hidden = config.GetProperty("hidden_size").GetInt32();
        var heads = config.GetProperty("num_attention_heads").GetInt32();
        var positionType = Text(config, "position_embedding_type", "absolute");
        var activation = Text(config, "hidden_act", "gelu");

        whyNot =
            !isRoberta && modelType != "bert" ? $"model_type '{modelType}' is not known to it"
            : positionType != "absolute" ? $"position_embedding_type '{positionType}' is not known to it"
            // Only the exact form: its approximations ("gelu_new", "gelu_fast") give other vectors.
            : activation != "gelu" ? $"hidden_act '{activation}' is not known to it"
            : Flag(config, "is_decoder") || Flag(config, "add_cross_attention") ? "it is a decoder"
            : heads < 1 || hidden < 1 || hidden % heads != 0 ? $"{heads} heads do not divide {hidden} dimensions"
            : "";
        if (whyNot.Length > 0)
            return null;

        return new EncoderArchitecture(
            config.GetProperty("num_hidden_layers").GetInt32(),
            hidden,
            heads,
            config.GetProperty("intermediate_size").GetInt32(),
            config.GetProperty("vocab_size").GetInt32(),
            config.GetProperty("max_position_embeddings").GetInt32(),
            isRoberta ? Number(config, "pad_token_id")?.GetInt32() ?? DefaultRobertaPaddingId : null,
            Number(config, "layer_norm_eps")?.GetSingle() ?? DefaultNormEpsilon);
    }

    private static string Text(JsonElement config, string field, string otherwise) =>
        config.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : otherwise;

    private static bool Flag(JsonElement config, string field) =>
        config.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.True;

    private static JsonElement? Number(JsonElement config, string field) =>
        config.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.Number ? value : null;
}
