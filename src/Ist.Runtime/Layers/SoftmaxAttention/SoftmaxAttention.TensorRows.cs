using ILGPU;
using Ist.Runtime.Devices.Gpu;
using Ist.Runtime.Numerics.GpuProducts;

namespace Ist.Runtime.Layers;

public static unsafe partial class SoftmaxAttention
{
    /// <summary>What a thread has of the sums of 16 rows of a head, 32 elements in each block.</summary>
    internal struct TensorRows<TFormat, THead> where TFormat : struct, ITensorFormat where THead : struct, ITensorHead
    {
        private QuadBlock _a, _b, _c, _d;

        /// <summary>Multiplies row g by <paramref name="upper"/> and row g + 8 by <paramref name="lower"/>.</summary>
        public void Multiply(float upper, float lower)
        {
            var by = new Quad(upper, upper, lower, lower);
            _a *= by;
            _b *= by;
            _c *= by;
            _d *= by;
        }

        /// <summary>Adds 32 rows of a tile by their weights, which are rounded.</summary>
        /// <param name="weights">16 x 32.</param>
        /// <param name="tile">The first of the rows, and what <see cref="ITensorFormat.LineLane"/> says.</param>
        /// <param name="size">Elements of a head.</param>
        public void Add(QuadBlock weights, uint tile, int size)
        {
            uint line = TensorTiles<TFormat, THead>.Line;
            if (TFormat.Terms == 32)
            {
                Add(TFormat.Rounded(weights.A, weights.B), tile, size);
                Add(TFormat.Rounded(weights.C, weights.D), tile + 16 * line, size);
                return;
            }
            Add(TFormat.Rounded(weights.A, default), tile, size);
            Add(TFormat.Rounded(weights.B, default), tile + 8 * line, size);
            Add(TFormat.Rounded(weights.C, default), tile + 16 * line, size);
            Add(TFormat.Rounded(weights.D, default), tile + 24 * line, size);
        }

        /// <summary>Sets or adds to rows of a head.</summary>
        public readonly void Put(bool adds, GpuHead to, int row, int size)
        {
            Put(_a, adds, to, row, 0);
            if (size > 32)
                Put(_b, adds, to, row, 8);
            if (THead.Wide > 64)
                Put(_c, adds, to, row, 16);
            if (THead.Wide > 64 && size > 96)
                Put(_d, adds, to, row, 24);
        }

        private void Add(Fragment weights, uint tile, int size)
        {
            _a = Add(_a, weights, tile);
            if (size > 32)
                _b = Add(_b, weights, tile + 32 * TensorTiles<TFormat, THead>.Element);
            if (THead.Wide > 64)
                _c = Add(_c, weights, tile + 64 * TensorTiles<TFormat, THead>.Element);
            if (THead.Wide > 64 && size > 96)
                _d = Add(_d, weights, tile + 96 * TensorTiles<TFormat, THead>.Element);
        }

        private static QuadBlock Add(QuadBlock sums, Fragment weights, uint tile)
        {
            uint line = TensorTiles<TFormat, THead>.Line;
            return TFormat.Multiply(
                sums, weights, TFormat.LoadLines(tile, line), TFormat.LoadLines(tile + 16 * TensorTiles<TFormat, THead>.Element, line));
        }

        private static void Put(QuadBlock sums, bool adds, GpuHead to, int row, int quad)
        {
            Put(sums.A, adds, to, row, quad);
            Put(sums.B, adds, to, row, quad + 2);
            Put(sums.C, adds, to, row, quad + 4);
            Put(sums.D, adds, to, row, quad + 6);
        }

        private static void Put(Quad sums, bool adds, GpuHead to, int row, int quad) =>
            to.Put(TensorCore.SideBySide(sums), adds, row + Lane.Index / 4 + Lane.Index % 2 * 8, quad + Lane.Index % 4 / 2);
    }
}
