using ActorEmbed.Inference.Encoders;
using ActorEmbed.Inference.Graphs.Onnx;
using Google.Protobuf;
using static ActorEmbed.Inference.Graphs.Onnx.OnnxGraph;
using DataType = ActorEmbed.Inference.Graphs.Onnx.TensorProto.Types.DataType;

namespace ActorEmbed.Inference.Tests.Encoders;

/// <summary>Graphs that give back what they were given: a token's vector is its id, its mask, its position and its type.</summary>
public sealed class PaddedEncoderTests : IDisposable
{
    private const long Float = 1;
    private const int Float16 = 10;
    private static readonly int[][] Texts = [[8, 9], [5, 6, 7]];

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("actorembed-");

    private string GraphPath => Path.Combine(_directory.FullName, "model.onnx");

    public void Dispose() => _directory.Delete(recursive: true);

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void A_graph_gets_the_inputs_that_it_asks_for(int firstPosition)
    {
        Write("last_hidden_state", pooled: null);
        using var encoder = new PaddedEncoder(GraphPath, Options with { FirstPosition = firstPosition });

        Assert.Equal([[9, 1, firstPosition + 1, 0], [7, 1, firstPosition + 2, 0]], encoder.Encode(Texts));
        Assert.False(encoder.IsPooledByGraph);
    }

    [Theory]
    [InlineData(true, 18f)]
    [InlineData(false, 7f)]
    public void A_graph_that_pools_is_preferred_where_nothing_says_how_to_pool(bool prefersPooled, float first)
    {
        Write("token_embeddings", pooled: "sentence_embedding");
        using var encoder = new PaddedEncoder(GraphPath, Options with { PrefersPooled = prefersPooled });

        Assert.Equal(first, encoder.Encode(Texts)[1][0]);
        Assert.Equal(prefersPooled, encoder.IsPooledByGraph);
    }

    [Theory]
    [InlineData("sentence_embedding")]
    [InlineData("text_embeds")]
    public void A_graph_that_gives_only_vectors_of_texts_is_taken_at_its_word(string output)
    {
        Write(tokens: null, output);
        using var encoder = new PaddedEncoder(GraphPath, Options);

        Assert.Equal([[17 + 1, 2, 1, 0], [18, 3, 3, 0]], encoder.Encode([[8, 10], [5, 6, 7]]).Select(vector => vector.ToArray()));
    }

    [Fact]
    public void A_text_alone_and_beside_a_longer_one_is_given_the_same()
    {
        Write("last_hidden_state", pooled: null);
        using var encoder = new PaddedEncoder(GraphPath, Options with { Pooling = [PoolingMode.Mean] });

        Assert.Equal(encoder.Encode([Texts[0]])[0], encoder.Encode(Texts)[0]);
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("sentence_embedding", false)]
    [InlineData("sentence_embedding", true)]
    public void The_vectors_of_tokens_are_those_of_the_graph_without_its_padding(string? pooled, bool prefersPooled)
    {
        Write("token_embeddings", pooled);
        using var encoder = new PaddedEncoder(GraphPath, Options with { PrefersPooled = prefersPooled });

        Assert.Equal(4, encoder.TokenDimensions);
        Assert.Equal([[8, 1, 0, 0, 9, 1, 1, 0], [5, 1, 0, 0, 6, 1, 1, 0, 7, 1, 2, 0]], encoder.EncodeTokens(Texts));
    }

    [Fact]
    public void A_graph_that_gives_only_vectors_of_texts_has_none_of_tokens()
    {
        Write(tokens: null, "sentence_embedding");
        using var encoder = new PaddedEncoder(GraphPath, Options);

        Assert.Null(encoder.TokenDimensions);
        Assert.Contains("no vectors of tokens", Assert.Throws<InferenceException>(() => encoder.EncodeTokens(Texts)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_of_half_precision_are_widened()
    {
        Write("last_hidden_state", pooled: null, isHalf: true);
        using var encoder = new PaddedEncoder(GraphPath, Options);

        Assert.Equal([[9, 1, 1, 0], [7, 1, 2, 0]], encoder.Encode(Texts));
    }

    private static PaddedEncoderOptions Options => new() { Pooling = [PoolingMode.LastToken], Dimensions = 4, PaddingId = 1, Threads = 1 };

    private void Write(string? tokens, string? pooled, bool isHalf = false)
    {
        var graph = new OnnxGraph(largeTensors: null);
        var columns = new List<string>();
        foreach (var name in new[] { "input_ids", "attention_mask", "position_ids", "token_type_ids" })
        {
            var given = graph.Input(name, DataType.Int64, "B", "S");
            var number = graph.Node(StandardDomain, "Cast", [given], [Attribute("to", Float)]);
            columns.Add(graph.Node("Unsqueeze", number, graph.Int64s(2)));
        }

        var vectors = graph.Node(StandardDomain, "Concat", [.. columns], [Attribute("axis", 2L)]);
        if (tokens is not null)
            graph.Output(isHalf ? graph.Node(StandardDomain, "Cast", [vectors], [Attribute("to", (long)Float16)]) : vectors, tokens, "B", "S", "4");
        if (pooled is not null)
        {
            // Of what stands for padding only the mask is zero: the sum is that of the tokens.
            var masked = graph.Node("Mul", vectors, columns[1]);
            graph.Output(graph.Node(StandardDomain, "ReduceSum", [masked, graph.Int64s(1)], [Attribute("keepdims", 0L)]), pooled, "B", "4");
        }

        graph.Save(GraphPath, "test");
        if (!isHalf)
            return;
        var model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(GraphPath));
        model.Graph.Output[0].Type.TensorType.ElemType = Float16;
        File.WriteAllBytes(GraphPath, model.ToByteArray());
    }
}
