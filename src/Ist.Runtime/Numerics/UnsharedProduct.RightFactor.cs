using Ist.Runtime.Tensors;

namespace Ist.Runtime.Numerics;

internal static unsafe partial class UnsharedProduct
{
    // 64 columns of a panel.
    private const int PackedFloats = Depth * NextColumns.Count;

    /// <summary>A right factor, and what becomes of its products.</summary>
    /// <param name="b">[k, columns], or packed beforehand.</param>
    /// <param name="columns">Its columns.</param>
    /// <param name="k">Its rows.</param>
    /// <param name="into">Whether C is set or added to.</param>
    /// <param name="alpha">Scales the product.</param>
    /// <param name="c">C.</param>
    /// <param name="ldc">Floats from one row of C to the next.</param>
    private readonly struct RightFactor(MatrixOperand b, int columns, int k, Into into, float alpha, float* c, int ldc)
    {
        public int Columns => columns;

        public double Bytes => (double)columns * k * (b.Panels != null ? sizeof(float) : b.ElementSize);

        /// <summary>Multiplies a packed block of A by a panel.</summary>
        /// <param name="strips">Room for two times <see cref="PackedFloats"/>.</param>
        /// <param name="block">The block.</param>
        /// <param name="first">Its first row.</param>
        /// <param name="rows">Its rows.</param>
        /// <param name="deep">Where the panel begins.</param>
        /// <param name="depth">Its rows.</param>
        public void Multiply(float* strips, float* block, int first, int rows, int deep, int depth)
        {
            bool isPacked = false;
            for (int column = 0; column < columns; column += NextColumns.Count)
            {
                int end = Math.Min(columns, column + NextColumns.Count);
                float* packed = Room(strips, column);
                if (b.Panels != null)
                    packed = SharedProduct.Strip(b.Panels, k, columns, column, deep, depth);
                else if (!isPacked)
                    Packing.Strips(b.From(deep, 0), columns, column, end, depth, packed);
                isPacked = b is { Panels: null, DType: DType.F32, ColumnStride: 1 } && end + NextColumns.Count <= columns;
                Multiply(block, first, rows, deep, depth, packed, column, end, isPacked ? Room(strips, end) : null);
            }
        }

        private static float* Room(float* strips, int column) => strips + column / NextColumns.Count % 2 * PackedFloats;

        // By 64 columns, a strip after the other, each with a part of the rows of the next 64, which go to `then`.
        private void Multiply(float* block, int first, int rows, int deep, int depth, float* packed, int column, int end, float* then)
        {
            int tiles = rows / MicroKernel.Rows, part = (int)MatrixProduct.Blocks(depth, NextColumns.Count / MicroKernel.Wide);
            float* next = (float*)b.From(deep, end).Data;
            for (int done = 0; column < end; done += part)
            {
                int width = MicroKernel.StripWidth(columns - column), used = Math.Min(width, columns - column);
                var beside = then == null ? default : new NextColumns(
                    next + done * b.RowStride, (nint)b.RowStride, then + done * MicroKernel.Wide, depth,
                    Math.Min(part, depth - done), tiles);
                MicroKernel.Tiles(
                    depth, block, packed, width, width, deep == 0 ? into : Into.Add, alpha, c + (long)first * ldc + column, ldc, rows, used, beside);
                packed += width * depth;
                column += width;
            }
        }
    }
}
