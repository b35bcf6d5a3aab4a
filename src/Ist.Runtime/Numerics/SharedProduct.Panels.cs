using Ist.Runtime.Devices;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Numerics;

internal static unsafe partial class SharedProduct
{
    /// <summary>Rows of A, and where they are packed.</summary>
    private readonly struct LeftPanel(MatrixOperand a, int rows, int depth, float* packed)
    {
        private const int RowsOfTask = 8 * MicroKernel.Rows;

        public int Rows => rows;

        public int Depth => depth;

        public float* Packed => packed;

        public double BytesOfPacking => (double)rows * depth * 2 * sizeof(float);

        public int Tasks => (int)MatrixProduct.Blocks(rows, RowsOfTask);

        public void Pack(int task)
        {
            int row = task * RowsOfTask;
            Packing.Rows(a.From(row, 0), Math.Min(RowsOfTask, rows - row), depth, packed + (long)row * depth);
        }
    }

    /// <summary>Columns of a right factor, and where they are packed; without columns, nothing.</summary>
    private readonly struct RightPanel(MatrixOperand b, int columns, int depth, float* packed)
    {
        public int Columns => columns;

        public float* Packed => packed;

        public double BytesOfPacking => (double)columns * depth * (b.ElementSize + sizeof(float));

        public int Tasks => (int)MatrixProduct.Blocks(columns, MicroKernel.MostColumns);

        public void Pack(int task)
        {
            int column = task * MicroKernel.MostColumns, end = Math.Min(columns, column + MicroKernel.MostColumns);
            Packing.Strips(b, columns, column, end, depth, packed + (long)column * depth);
        }
    }

    /// <summary>Where sums go.</summary>
    private readonly struct Target(Into into, float alpha, float* c, int ldc)
    {
        /// <summary>Multiplies rows of A by columns of a right factor.</summary>
        public void Take(LeftPanel left, int firstRow, int lastRow, RightPanel right, int column, int end)
        {
            while (column < end)
            {
                int width = MicroKernel.StripWidth(right.Columns - column), used = Math.Min(width, right.Columns - column);
                MicroKernel.Tiles(
                    left.Depth, left.Packed + (long)firstRow * left.Depth, right.Packed + (long)column * left.Depth, width, width, into, alpha,
                    c + (long)firstRow * ldc + column, ldc, lastRow - firstRow, used);
                column += width;
            }
        }
    }

    private readonly struct Pack(LeftPanel left, RightPanel right, RightPanel narrow) : IMeasuredJob
    {
        public JobWork Work => new(0, left.BytesOfPacking + right.BytesOfPacking + narrow.BytesOfPacking);

        public int Tasks => Math.Max(left.Tasks, Math.Max(right.Tasks, narrow.Tasks));

        // A part of each, so that a worker has packed the rows of A that it multiplies afterwards.
        public void Execute(int task, int worker)
        {
            for (int i = First(task, left.Tasks); i < First(task + 1, left.Tasks); i++)
                left.Pack(i);
            for (int i = First(task, right.Tasks); i < First(task + 1, right.Tasks); i++)
                right.Pack(i);
            for (int i = First(task, narrow.Tasks); i < First(task + 1, narrow.Tasks); i++)
                narrow.Pack(i);
        }

        private int First(int task, int of) => task * of / Tasks;
    }

    private readonly struct MultiplyPacked(LeftPanel left, RightPanel right, Target target, RightPanel narrow, Target narrowTarget, int threads) : IMeasuredJob
    {
        private int Across => (int)MatrixProduct.Blocks(right.Columns, BlockColumns);

        // As many blocks of rows as can be shared out evenly.
        private int Down
        {
            get
            {
                int least = (int)MatrixProduct.Blocks(left.Rows, BlockRows), even = MatrixProduct.RoundUp(least, threads);
                return left.Rows / even >= BlockRows / 2 ? even : least;
            }
        }

        public JobWork Work
        {
            get
            {
                double rows = left.Rows, columns = right.Columns + narrow.Columns, depth = left.Depth;
                return new(2 * rows * columns * depth, (rows * depth + columns * depth + rows * columns) * sizeof(float));
            }
        }

        public int Tasks => Down * Across;

        public void Execute(int task, int worker)
        {
            int firstRow = FirstRow(task / Across), lastRow = Math.Min(left.Rows, FirstRow(task / Across + 1));
            int column = task % Across * BlockColumns;
            target.Take(left, firstRow, lastRow, right, column, Math.Min(right.Columns, column + BlockColumns));
            // While these rows of A are in the second cache.
            if (column == 0)
                narrowTarget.Take(left, firstRow, lastRow, narrow, 0, narrow.Columns);
        }

        private int FirstRow(int block) => (int)(MatrixProduct.Blocks(left.Rows, MicroKernel.Rows) * block / Down) * MicroKernel.Rows;
    }
}
