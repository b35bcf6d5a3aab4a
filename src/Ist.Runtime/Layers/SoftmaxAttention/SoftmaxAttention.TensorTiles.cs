using ILGPU;
using Ist.Runtime.Devices.Gpu;
using Ist.Runtime.Numerics.GpuProducts;

namespace Ist.Runtime.Layers;

public static unsafe partial class SoftmaxAttention
{
    /// <summary>
    /// Tiles of a head in shared memory for tensor cores: rows, rounded, 16 bytes longer than what they hold, so that the eight that are read at once lie
    /// in different banks.
    /// </summary>
    /// <typeparam name="TFormat">What is multiplied.</typeparam>
    /// <typeparam name="THead">How wide the tiles are.</typeparam>
    /// <param name="size">Elements of a head, a multiple of 8.</param>
    internal readonly struct TensorTiles<TFormat, THead>(int size) where TFormat : struct, ITensorFormat where THead : struct, ITensorHead
    {
        /// <summary>Bytes of an element.</summary>
        public static uint Element => 64 / (uint)TFormat.Terms;

        /// <summary>Bytes from one row to the next.</summary>
        public static uint Line => (uint)THead.Wide * Element + 16;

        /// <summary>Rows of a tile of the backward pass: with two tiles of 64 rows of the group they fit into what the smallest cards have, 99 KiB.</summary>
        public static int Others => 2 * TFormat.Terms;

        /// <summary>Bytes of shared memory of the backward pass.</summary>
        public static int BackwardBytes => 2 * (TensorRowsOfGroup + Others) * (int)Line;

        /// <summary>Where a thread reads its part of the first fragment of rows whose products with others are taken.</summary>
        public static uint OwnLane => (uint)(Lane.Index & 15) * Line + (uint)(Lane.Index >> 4 << 4);

        /// <summary>The same of the others, of which the tensor core wants both halves of the terms of eight rows side by side.</summary>
        public static uint OthersLane => (uint)((Lane.Index & 7) + (Lane.Index >> 4 << 3)) * Line + (uint)(((Lane.Index >> 3) & 1) << 4);

        // Rows that a pass of all threads copies. Four passes or eight of each head are under way together.
        private static int RowsAtOnce => TensorThreads / (THead.Wide / 4);

        /// <summary>All threads copy rows of a head, from <paramref name="row"/> on; those after <paramref name="last"/> are as that one.</summary>
        public void Load(GpuHead head, uint to, int row, int rows, int last)
        {
            int quad = Group.IdxX % (THead.Wide / 4), own = Group.IdxX / (THead.Wide / 4), four = 4 * RowsAtOnce;
            uint place = (uint)own * Line + (uint)quad * 4 * Element;
            for (int done = 0; done < rows; done += four)
                Store(head.LoadFour(row + own + done, RowsAtOnce, last, quad), to + place + (uint)done * Line);
        }

        /// <summary>All threads copy rows of two heads, from <paramref name="row"/> on; those after <paramref name="last"/> are as that one.</summary>
        public void Load(GpuHead first, GpuHead second, uint toFirst, uint toSecond, int row, int rows, int last)
        {
            int quad = Group.IdxX % (THead.Wide / 4), own = Group.IdxX / (THead.Wide / 4), four = 4 * RowsAtOnce;
            uint place = (uint)own * Line + (uint)quad * 4 * Element;
            row += own;
            for (int done = 0; done < rows; done += 2 * four)
            {
                QuadBlock x0 = first.LoadFour(row + done, RowsAtOnce, last, quad), y0 = second.LoadFour(row + done, RowsAtOnce, last, quad), x1 = default, y1 = default;
                if (rows > four)
                {
                    x1 = first.LoadFour(row + done + four, RowsAtOnce, last, quad);
                    y1 = second.LoadFour(row + done + four, RowsAtOnce, last, quad);
                }
                uint at = place + (uint)done * Line;
                Store(x0, toFirst + at);
                Store(y0, toSecond + at);
                if (rows > four)
                {
                    Store(x1, toFirst + at + (uint)four * Line);
                    Store(y1, toSecond + at + (uint)four * Line);
                }
            }
        }

        /// <summary>The products of 16 rows with 32 others.</summary>
        /// <param name="own">The 16 rows, and the thread's place.</param>
        /// <param name="others">The 32, and the thread's place.</param>
        public QuadBlock Products(uint own, uint others)
        {
            QuadBlock sums = default;
            for (int terms = 0; terms < size; terms += TFormat.Terms / 2)
            {
                Fragment rows = TensorCore.LoadMatrices(own), first = TensorCore.LoadMatrices(others), second = TensorCore.LoadMatrices(others + 16 * Line);
                sums = TFormat.AddsApart ? sums + TFormat.Multiply(default, rows, first, second) : TFormat.Multiply(sums, rows, first, second);
                own += 32;
                others += 32;
            }
            return sums;
        }

        private static void Store(QuadBlock rows, uint at)
        {
            uint step = (uint)RowsAtOnce * Line;
            TFormat.Store(rows.A, at);
            TFormat.Store(rows.B, at + step);
            TFormat.Store(rows.C, at + 2 * step);
            TFormat.Store(rows.D, at + 3 * step);
        }
    }
}
