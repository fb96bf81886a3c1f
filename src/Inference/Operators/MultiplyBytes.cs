using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ActorEmbed.Inference.Operators.Native;

namespace ActorEmbed.Inference.Operators;

/// <summary>
/// A dense product of tokens in bytes, for processors with AVX2 and without dot products of bytes: bytes [T, rows], weights in
/// <see cref="WeightPanels"/>, and of each column its scale and what the zero point adds to its sum, to float [T, columns]. The
/// sums are exact, so that a token's result depends on nothing but the token.
/// </summary>
internal sealed unsafe class MultiplyBytes : OperatorKernel
{
    public const string Name = "MultiplyBytes";
    public const string ColumnsAttribute = "columns";

    // Of the time that OperatorCall reckons for an element of a row a multiplication takes a sixty-fourth. Shares are a quarter
    // of what it would make of that: of three shares, one thread of two would get two.
    private const int ProductsOfElement = 16;

    private readonly int _columns;

    private MultiplyBytes(OperatorAttributes attributes) => _columns = attributes.Integer(ColumnsAttribute);

    public static Operator Operator { get; } = new(
        Name,
        [new(ElementType.UInt8), new(ElementType.Int8), new(ElementType.Float), new(ElementType.Int32)],
        [ElementType.Float],
        attributes => new MultiplyBytes(attributes));

    public override void Compute(OperatorCall call)
    {
        var (tokens, rows) = call.Matrix(0);
        var work = new Panels
        {
            Tokens = tokens,
            Rows = rows,
            Columns = _columns,
            Bytes = call.Input<byte>(0),
            Weights = call.Input<sbyte>(1),
            Scales = call.Input<float>(2),
            SumsOfZero = call.Input<int>(3),
            Output = call.Output<float>(0, tokens, _columns),
        };
        var products = (long)tokens * rows * ByteTile.Columns;
        call.ForRows(WeightPanels.CountOf(_columns), (int)Math.Clamp(products / ProductsOfElement, 1, int.MaxValue), &work);
    }

    /// <summary>Its rows are panels of columns.</summary>
    private struct Panels : IRowWork
    {
        public int Tokens;
        public int Rows;
        public int Columns;
        public byte* Bytes;
        public sbyte* Weights;
        public float* Scales;
        public int* SumsOfZero;
        public float* Output;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int first, int end)
        {
            var sums = stackalloc int[ByteTile.Tokens * ByteTile.Columns];
            var tile = new ByteTile(Rows);
            var panelBytes = WeightPanels.BytesOf(Rows);
            var tiles = (Tokens + ByteTile.Tokens - 1) / ByteTile.Tokens;
            for (var panel = first; panel < end; panel++)
            {
                var column = panel * ByteTile.Columns;
                var weights = Weights + ((nint)panel * panelBytes);
                for (var i = 0; i < tiles; i++)
                {
                    var token = i * ByteTile.Tokens;
                    var count = Math.Min(ByteTile.Tokens, Tokens - token);
                    for (var place = 0; place < ByteTile.Tokens * ByteTile.Columns; place += Vector256<int>.Count)
                        Vector256.Load(SumsOfZero + column + (place % ByteTile.Columns)).Store(sums + place);
                    // Every tile brings a share of the next panel near: a lone text reads each weight from far just once.
                    var next = weights + panelBytes + ((nint)i * panelBytes / tiles);
                    tile.Add(Bytes + ((nint)token * Rows), count, weights, next, ByteTile.StepBytes / tiles, sums);
                    Write(sums, token, count, column);
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Write(int* sums, int token, int count, int column)
        {
            var rest = stackalloc float[ByteTile.Columns];
            var width = Math.Min(ByteTile.Columns, Columns - column);
            for (var end = token + count; token < end; token++, sums += ByteTile.Columns)
            {
                var output = Output + ((nint)token * Columns) + column;
                var target = width == ByteTile.Columns ? output : rest;
                for (var i = 0; i < ByteTile.Columns; i += Vector256<float>.Count)
                    (Vector256.ConvertToSingle(Vector256.Load(sums + i)) * Vector256.Load(Scales + column + i)).Store(target + i);
                if (target == rest)
                    Unsafe.CopyBlockUnaligned(output, rest, (uint)(width * sizeof(float)));
            }
        }
    }
}
