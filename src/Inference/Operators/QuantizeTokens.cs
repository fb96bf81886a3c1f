using ActorEmbed.Inference.Operators.Native;
using ActorEmbed.Inference.Operators.Rows;

namespace ActorEmbed.Inference.Operators;

/// <summary>
/// Turns tokens into unsigned bytes, each token by a scale of its own: float [T, width] and factors [width] that multiply the
/// tokens first, or none, to bytes [T, width] and scales [T, 1].
/// </summary>
internal sealed unsafe class QuantizeTokens : OperatorKernel
{
    public const string Name = "QuantizeTokens";

    private readonly RowQuantizer _quantizer;

    private QuantizeTokens(OperatorAttributes attributes) => _quantizer = RowQuantizer.Of(attributes);

    public static Operator Operator { get; } = new(
        Name,
        [new(ElementType.Float), new(ElementType.Float, IsOptional: true)],
        [ElementType.UInt8, ElementType.Float],
        attributes => new QuantizeTokens(attributes));

    public override void Compute(OperatorCall call)
    {
        var (tokens, width) = call.Matrix(0);
        var work = new Rows
        {
            Quantizer = _quantizer,
            Width = width,
            Tokens = call.Input<float>(0),
            Factors = call.Input<float>(1),
            Bytes = call.Output<byte>(0, tokens, width),
            Scales = call.Output<float>(1, tokens, 1),
        };
        call.ForRows(tokens, width, &work);
    }

    private struct Rows : IRowWork
    {
        public RowQuantizer Quantizer;
        public int Width;
        public float* Tokens;
        public float* Factors;
        public byte* Bytes;
        public float* Scales;

        public readonly void Run(int first, int end)
        {
            for (var row = first; row < end; row++)
            {
                var start = (nint)row * Width;
                Scales[row] = Quantizer.Quantize(Tokens + start, Factors, Width, Bytes + start);
            }
        }
    }
}
