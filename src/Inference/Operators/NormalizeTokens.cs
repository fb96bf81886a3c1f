using System.Runtime.CompilerServices;
using ActorEmbed.Inference.Operators.Native;
using ActorEmbed.Inference.Operators.Rows;

namespace ActorEmbed.Inference.Operators;

/// <summary>
/// A residual and its normalisation, from the product before to the bytes of the one behind: product [T, width], the scale of
/// each token [T, 1], residual [T, width], gamma [width], and where there are any, beta, the product's bias and the factors that
/// multiply what becomes bytes; to the tokens that go on [T, width], bytes [T, width] and scales [T, 1].
/// </summary>
internal sealed unsafe class NormalizeTokens : OperatorKernel
{
    public const string Name = "NormalizeTokens";

    /// <summary>1 where the tokens that go on are the sums, 0 where they are normalised.</summary>
    public const string KeepsSumsAttribute = "keeps_sums";

    /// <summary>1 where the mean is taken off.</summary>
    public const string IsCentredAttribute = "is_centred";

    /// <summary>Added to the mean square.</summary>
    public const string EpsilonAttribute = "epsilon";

    private readonly RowQuantizer _quantizer;
    private readonly bool _keepsSums;
    private readonly bool _isCentred;
    private readonly float _epsilon;

    private NormalizeTokens(OperatorAttributes attributes)
    {
        _quantizer = RowQuantizer.Of(attributes);
        _keepsSums = attributes.Integer(KeepsSumsAttribute) != 0;
        _isCentred = attributes.Integer(IsCentredAttribute) != 0;
        _epsilon = attributes.Float(EpsilonAttribute);
    }

    public static Operator Operator { get; } = new(
        Name,
        [
            new(ElementType.Float), new(ElementType.Float), new(ElementType.Float), new(ElementType.Float),
            new(ElementType.Float, IsOptional: true), new(ElementType.Float, IsOptional: true), new(ElementType.Float, IsOptional: true),
        ],
        [ElementType.Float, ElementType.UInt8, ElementType.Float],
        attributes => new NormalizeTokens(attributes));

    public override void Compute(OperatorCall call)
    {
        var (tokens, width) = call.Matrix(0);
        var work = new Rows
        {
            Quantizer = _quantizer,
            KeepsSums = _keepsSums,
            Row = new RowNorm(
                call.Input<float>(5), call.Input<float>(3), call.Input<float>(4), width, _isCentred, _epsilon),
            Product = call.Input<float>(0),
            ProductScales = call.Input<float>(1),
            Residual = call.Input<float>(2),
            Factors = call.Input<float>(6),
            Kept = call.Output<float>(0, tokens, width),
            Bytes = call.Output<byte>(1, tokens, width),
            Scales = call.Output<float>(2, tokens, 1),
        };
        call.ForRows(tokens, width, &work);
    }

    private struct Rows : IRowWork
    {
        public RowQuantizer Quantizer;
        public bool KeepsSums;
        public RowNorm Row;
        public float* Product;
        public float* ProductScales;
        public float* Residual;
        public float* Factors;
        public float* Kept;
        public byte* Bytes;
        public float* Scales;

        [SkipLocalsInit]
        public readonly void Run(int first, int end)
        {
            var scratch = stackalloc float[Row.Width];
            for (var row = first; row < end; row++)
            {
                var start = (nint)row * Row.Width;
                var kept = Kept + start;
                var normalized = KeepsSums ? scratch : kept;
                var sum = Row.Add(Product + start, ProductScales[row], Residual + start, kept);
                Row.Normalize(kept, sum, normalized);
                Scales[row] = Quantizer.Quantize(normalized, Factors, Row.Width, Bytes + start);
            }
        }
    }
}
