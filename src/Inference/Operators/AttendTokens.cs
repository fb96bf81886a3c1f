using ActorEmbed.Inference.Operators.Attention;
using ActorEmbed.Inference.Operators.Native;

namespace ActorEmbed.Inference.Operators;

/// <summary>
/// Attention over packed texts: queries, keys and values, float [T, heads * head size] or [T * heads, head size] each, or side by
/// side in the first; where each text begins, int32 [B + 1]; and for those side by side, where there are any, the scale of each
/// token [T, 1], the bias, and of rotary positions the place of each token, int64 [T, 1], and the cosines and sines of each
/// place [places, head size / 2]; to the context [T, heads * head size].
/// </summary>
internal sealed unsafe class AttendTokens : OperatorKernel
{
    public const string Name = "AttendTokens";

    /// <summary>Places among the inputs; the queries are the first.</summary>
    public const int KeysInput = 1;

    /// <inheritdoc cref="KeysInput" />
    public const int ValuesInput = 2;

    /// <inheritdoc cref="KeysInput" />
    public const int StartsInput = 3;

    private const int ScalesInput = 4;
    private const int BiasInput = 5;
    private const int PositionsInput = 6;
    private const int CosinesInput = 7;
    private const int SinesInput = 8;

    /// <summary>Heads of queries.</summary>
    public const string HeadsAttribute = "heads";

    /// <summary>Heads of keys and values; divides those of the queries.</summary>
    public const string KeyValueHeadsAttribute = "key_value_heads";

    /// <summary>Components of a head.</summary>
    public const string HeadSizeAttribute = "head_size";

    /// <summary>Tokens before it that a token sees.</summary>
    public const string BackAttribute = "back";

    /// <summary>Tokens behind it that a token sees.</summary>
    public const string AheadAttribute = "ahead";

    /// <summary>A reach without an end.</summary>
    public const int Everything = int.MaxValue / 2;

    private readonly int _heads;
    private readonly int _keyValueHeads;
    private readonly int _headSize;
    private readonly int _back;
    private readonly int _ahead;

    private AttendTokens(OperatorAttributes attributes)
    {
        _heads = attributes.Integer(HeadsAttribute);
        _keyValueHeads = attributes.Integer(KeyValueHeadsAttribute);
        _headSize = attributes.Integer(HeadSizeAttribute);
        _back = attributes.Integer(BackAttribute);
        _ahead = attributes.Integer(AheadAttribute);
    }

    public static Operator Operator { get; } = new(
        Name,
        [
            new(ElementType.Float), new(ElementType.Float, IsOptional: true), new(ElementType.Float, IsOptional: true), new(ElementType.Int32),
            new(ElementType.Float, IsOptional: true), new(ElementType.Float, IsOptional: true), new(ElementType.Int64, IsOptional: true),
            new(ElementType.Float, IsOptional: true), new(ElementType.Float, IsOptional: true),
        ],
        [ElementType.Float],
        attributes => new AttendTokens(attributes));

    public override void Compute(OperatorCall call)
    {
        var (rows, columns) = call.Matrix(0);
        var starts = call.Input<int>(StartsInput);
        var texts = call.Length(StartsInput) - 1;
        var (wide, narrow) = (_heads * _headSize, _keyValueHeads * _headSize);
        // Heads on their own may come as rows of one head.
        var tokens = starts[texts];
        var isWhole = (long)rows * columns == (long)tokens * (call.Input<float>(KeysInput) is null ? wide + (2 * narrow) : wide);
        if (!isWhole)
            throw new InvalidOperationException($"{rows} x {columns} numbers for {tokens} tokens.");
        var queries = call.Input<float>(0);
        var keys = call.Input<float>(KeysInput);
        var scales = call.Input<float>(ScalesInput);
        var bias = call.Input<float>(BiasInput);
        var turns = new Turns(call.Input<long>(PositionsInput), call.Input<float>(CosinesInput), call.Input<float>(SinesInput), _headSize / 2);
        var work = new Units
        {
            Queries = keys is null ? Part(0, turns) : new TokenPart(queries, wide),
            Keys = keys is null ? Part(wide, turns) : new TokenPart(keys, narrow),
            Values = keys is null ? Part(wide + narrow, default) : new TokenPart(call.Input<float>(ValuesInput), narrow),
            Starts = starts,
            Texts = texts,
            Heads = _heads,
            Sharing = _heads / _keyValueHeads,
            HeadSize = _headSize,
            Back = _back,
            Ahead = _ahead,
            Context = call.Output<float>(0, tokens, wide),
        };
        var blocks = 0;
        for (var text = 0; text < texts; text++)
            blocks += Units.BlocksOf(starts[text + 1] - starts[text]);
        call.ForUnits(blocks * _heads, &work);

        TokenPart Part(int start, Turns turned) => new(queries + start, columns, scales, bias is null ? null : bias + start, turned);
    }

    /// <summary>A head of a block of queries of a text each.</summary>
    private struct Units : IRowWork
    {
        public TokenPart Queries;
        public TokenPart Keys;
        public TokenPart Values;
        public int* Starts;
        public int Texts;
        public int Heads;
        public int Sharing;
        public int HeadSize;
        public int Back;
        public int Ahead;
        public float* Context;

        public static int BlocksOf(int tokens) => (tokens + AttentionScratch.KeysOfBlock - 1) / AttentionScratch.KeysOfBlock;

        public readonly void Run(int first, int end)
        {
            for (var unit = first; unit < end; unit++)
            {
                var (text, block) = (0, unit / Heads);
                for (; block >= BlocksOf(Starts[text + 1] - Starts[text]); text++)
                    block -= BlocksOf(Starts[text + 1] - Starts[text]);
                var query = Starts[text] + (block * AttentionScratch.KeysOfBlock);
                Attend(unit % Heads, (Starts[text], Starts[text + 1]), query, Math.Min(Starts[text + 1], query + AttentionScratch.KeysOfBlock));
            }
        }

        private readonly void Attend(int head, (int First, int End) text, int first, int end)
        {
            var attention = new HeadAttention(HeadSize, Back, Ahead, text.End - text.First);
            attention.Attend(
                Queries, head * HeadSize, Keys, head / Sharing * HeadSize, Values, text, first, end, Context + (head * HeadSize), Heads * HeadSize);
        }
    }
}
