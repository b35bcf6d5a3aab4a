using ILGPU;
using Ist.Runtime.Devices.Gpu;

namespace Ist.Runtime.Optimizers;

internal sealed unsafe partial class GradientTable
{
    /// <summary>A group sets a piece to zero.</summary>
    internal readonly struct GpuClear(ArrayView<GradientPiece> pieces, ArrayView<float> memory) : IGpuJob
    {
        public void Execute()
        {
            GradientPiece piece = pieces[Grid.IdxX];
            for (int i = 4 * Group.IdxX; i < piece.Count; i += 4 * Group.DimX)
                Quads.Store(default, memory, piece.First + i, piece.Count - i, piece.Count - i >= 4);
        }
    }

    /// <summary>A group adds up the squares of a piece.</summary>
    internal readonly struct GpuSquares(ArrayView<double> sums, ArrayView<GradientPiece> pieces, ArrayView<float> memory) : IGpuJob
    {
        public void Execute()
        {
            GradientPiece piece = pieces[Grid.IdxX];
            double sum = 0;
            for (int i = 4 * Group.IdxX; i < piece.Count; i += 4 * Group.DimX)
            {
                Quad g = Quads.Load(memory, piece.First + i, piece.Count - i, piece.Count - i >= 4);
                sum += (double)g.X * g.X + (double)g.Y * g.Y + ((double)g.Z * g.Z + (double)g.W * g.W);
            }
            sum = Lane.GroupSum(sum);
            if (Group.IdxX == 0)
                sums[Grid.IdxX] = sum;
        }
    }

    /// <summary>A group multiplies a piece.</summary>
    internal readonly struct GpuScale(ArrayView<GradientPiece> pieces, ArrayView<float> memory, float factor) : IGpuJob
    {
        public void Execute()
        {
            GradientPiece piece = pieces[Grid.IdxX];
            for (int i = 4 * Group.IdxX; i < piece.Count; i += 4 * Group.DimX)
            {
                int left = piece.Count - i;
                bool whole = left >= 4;
                Quads.Store(Quads.Load(memory, piece.First + i, left, whole) * factor, memory, piece.First + i, left, whole);
            }
        }
    }
}
