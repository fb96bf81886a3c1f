using System.Runtime.CompilerServices;
using ActorEmbed.Inference.Operators.Native;
using ActorEmbed.Inference.Operators.Rows;

namespace ActorEmbed.Inference.Operators;

/// <summary>
/// The middle of a feed-forward block, from the product before it to the bytes of the one behind: float [T, width or with a gate
/// twice as many], the scale of each token [T, 1], and where there are any, the product's bias and the factors [width] of the
/// result; to bytes [T, width] and scales [T, 1].
/// </summary>
internal sealed unsafe class ActivateTokens : OperatorKernel
{
    public const string Name = "ActivateTokens";

    /// <summary>Which <see cref="Activation"/>.</summary>
    public const string ActivationAttribute = "activation";

    /// <summary>Where the activated part of a row begins, in widths.</summary>
    public const string GateAttribute = "gate";

    /// <summary>Where the part begins that is multiplied with it, in widths; -1 without a gate.</summary>
    public const string PassingAttribute = "passing";

    private readonly RowQuantizer _quantizer;
    private readonly Activation _activation;
    private readonly int _gate;
    private readonly int _passing;

    private ActivateTokens(OperatorAttributes attributes)
    {
        _quantizer = RowQuantizer.Of(attributes);
        _activation = (Activation)attributes.Integer(ActivationAttribute);
        _gate = attributes.Integer(GateAttribute);
        _passing = attributes.Integer(PassingAttribute);
    }

    public static Operator Operator { get; } = new(
        Name,
        [new(ElementType.Float), new(ElementType.Float), new(ElementType.Float, IsOptional: true), new(ElementType.Float, IsOptional: true)],
        [ElementType.UInt8, ElementType.Float],
        attributes => new ActivateTokens(attributes));

    public override void Compute(OperatorCall call)
    {
        var (tokens, columns) = call.Matrix(0);
        var width = _passing < 0 ? columns : columns / 2;
        var work = new Rows
        {
            Quantizer = _quantizer,
            Activation = _activation,
            Row = new RowActivation(call.Input<float>(2), width, _gate * width, _passing * width),
            Factors = call.Input<float>(3),
            Columns = columns,
            Product = call.Input<float>(0),
            ProductScales = call.Input<float>(1),
            Bytes = call.Output<byte>(0, tokens, width),
            Scales = call.Output<float>(1, tokens, 1),
        };
        call.ForRows(tokens, columns, &work);
    }

    private struct Rows : IRowWork
    {
        public RowQuantizer Quantizer;
        public Activation Activation;
        public RowActivation Row;
        public float* Factors;
        public int Columns;
        public float* Product;
        public float* ProductScales;
        public byte* Bytes;
        public float* Scales;

        [SkipLocalsInit]
        public readonly void Run(int first, int end)
        {
            // Some 16 KB: it stays in the first-level cache between the two passes.
            var activated = stackalloc float[Row.Width];
            for (var row = first; row < end; row++)
            {
                var product = Product + ((nint)row * Columns);
                switch (Activation)
                {
                    case Activation.Silu:
                        Row.Apply<SiluLanes>(product, ProductScales[row], activated);
                        break;
                    case Activation.GeluTanh:
                        Row.Apply<GeluTanhLanes>(product, ProductScales[row], activated);
                        break;
                    default:
                        Row.Apply<GeluLanes>(product, ProductScales[row], activated);
                        break;
                }

                Scales[row] = Quantizer.Quantize(activated, Factors, Row.Width, Bytes + ((nint)row * Row.Width));
            }
        }
    }
}
