using ILGPU;
using Ist.Runtime.Devices.Gpu;

namespace Ist.Runtime.Layers;

public static unsafe partial class SoftmaxAttention
{
    /// <summary>
    /// Shared memory of an attention kernel: a tile of 32 rows of a head that all warps read, a lane's row apart from the next by 16 bytes more
    /// than the row, and for each warp its own four rows, of one or two kinds. A row is padded with zeros to a multiple of four.
    /// </summary>
    internal readonly struct GpuShared(int size)
    {
        private readonly int _quads = (size + 3) / 4;

        /// <summary>Bytes that a launch takes.</summary>
        public static int Bytes(int size, int warps, int kinds) => 16 * (Lane.Count * ((size + 3) / 4 + 1) + kinds * warps * RowsOfWarp * ((size + 3) / 4));

        private static ArrayView<Quad> Memory => SharedMemory.GetDynamic<float>().Cast<Quad>();

        private int OwnRows(int kind) => Lane.Count * (_quads + 1) + (kind * (Group.DimX / Lane.Count) + Lane.Warp) * RowsOfWarp * _quads;

        /// <summary>All threads copy 32 rows from <paramref name="column"/> on; those from <paramref name="end"/> on are zero.</summary>
        public void LoadTile(GpuHead rows, int column, int end) => LoadKeys(rows, rows, column, column, end);

        /// <summary>Likewise, and rows before <paramref name="first"/> are others.</summary>
        public void LoadKeys(GpuHead before, GpuHead rows, int first, int column, int end)
        {
            ArrayView<Quad> memory = Memory;
            for (int i = Group.IdxX; i < Lane.Count * _quads; i += Group.DimX)
            {
                int row = i / _quads, quad = i - row * _quads, at = column + row;
                memory[row * (_quads + 1) + quad] = at >= end ? Quad.Of(0) : at < first ? before.Load(at, quad) : rows.Load(at, quad);
            }
        }

        /// <summary>A warp copies its own four rows.</summary>
        public void LoadOwn(int kind, GpuHead rows, int own)
        {
            ArrayView<Quad> memory = Memory;
            int to = OwnRows(kind);
            for (int i = Lane.Index; i < RowsOfWarp * _quads; i += Lane.Count)
            {
                int row = i / _quads, quad = i - row * _quads;
                memory[to + i] = rows.Load(own + row, quad);
            }
        }

        /// <summary>The products of the warp's four rows with the lane's row of the tile.</summary>
        public Quad Dots(int kind)
        {
            ArrayView<Quad> memory = Memory;
            int own = OwnRows(kind), other = Lane.Index * (_quads + 1);
            Quad dots = default;
            for (int i = 0; i < _quads; i++)
            {
                Quad t = memory[other + i];
                dots.X = Quad.Dot(memory[own + i], t, dots.X);
                dots.Y = Quad.Dot(memory[own + _quads + i], t, dots.Y);
                dots.Z = Quad.Dot(memory[own + 2 * _quads + i], t, dots.Z);
                dots.W = Quad.Dot(memory[own + 3 * _quads + i], t, dots.W);
            }
            return dots;
        }

        /// <summary>Adds the tile's rows, each times the four weights of its lane, to the sums of the warp's four rows.</summary>
        public void Add(Quad weights, ref GpuRows sums)
        {
            ArrayView<Quad> memory = Memory;
            int lower = IntrinsicMath.Min(Lane.Index, _quads - 1), upper = IntrinsicMath.Min(Lane.Index + Lane.Count, _quads - 1);
            for (int row = 0; row < Lane.Count; row++)
            {
                Quad w = new(
                    Warp.Shuffle(weights.X, row), Warp.Shuffle(weights.Y, row), Warp.Shuffle(weights.Z, row), Warp.Shuffle(weights.W, row));
                Quad t = memory[row * (_quads + 1) + lower];
                sums.X0 = Quad.MultiplyAdd(t, w.X, sums.X0);
                sums.Y0 = Quad.MultiplyAdd(t, w.Y, sums.Y0);
                sums.Z0 = Quad.MultiplyAdd(t, w.Z, sums.Z0);
                sums.W0 = Quad.MultiplyAdd(t, w.W, sums.W0);
                if (_quads <= Lane.Count)
                    continue;
                t = memory[row * (_quads + 1) + upper];
                sums.X1 = Quad.MultiplyAdd(t, w.X, sums.X1);
                sums.Y1 = Quad.MultiplyAdd(t, w.Y, sums.Y1);
                sums.Z1 = Quad.MultiplyAdd(t, w.Z, sums.Z1);
                sums.W1 = Quad.MultiplyAdd(t, w.W, sums.W1);
            }
        }
    }

    /// <summary>A lane's part of four rows of a head: elements 4 lane to 4 lane + 3, and in a large head those 128 further.</summary>
    internal struct GpuRows
    {
        public Quad X0, X1, Y0, Y1, Z0, Z1, W0, W1;

        /// <summary>Multiplies each row.</summary>
        public void Multiply(Quad by)
        {
            (X0, X1, Y0, Y1) = (X0 * by.X, X1 * by.X, Y0 * by.Y, Y1 * by.Y);
            (Z0, Z1, W0, W1) = (Z0 * by.Z, Z1 * by.Z, W0 * by.W, W1 * by.W);
        }

        /// <summary>Sets or adds to four rows of a head.</summary>
        public readonly void Put(bool adds, GpuHead to, int row)
        {
            int upper = Lane.Index + Lane.Count;
            to.Put(X0, adds, row, Lane.Index);
            to.Put(Y0, adds, row + 1, Lane.Index);
            to.Put(Z0, adds, row + 2, Lane.Index);
            to.Put(W0, adds, row + 3, Lane.Index);
            to.Put(X1, adds, row, upper);
            to.Put(Y1, adds, row + 1, upper);
            to.Put(Z1, adds, row + 2, upper);
            to.Put(W1, adds, row + 3, upper);
        }
    }
}
