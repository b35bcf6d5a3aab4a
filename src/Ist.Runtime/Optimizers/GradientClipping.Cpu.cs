using System.Runtime.Intrinsics;
using Ist.Runtime.Devices;
using Ist.Runtime.Numerics;

namespace Ist.Runtime.Optimizers;

public static unsafe partial class GradientClipping
{
    private struct Piece
    {
        public float* Data;
        public int Count;
        public double Squares;
    }

    /// <summary>Pieces of gradients, each a task, in the device's workspace: so many small tensors start one job, and nothing is allocated.</summary>
    private ref struct PieceList(CpuDevice cpu)
    {
        private readonly Piece* _pieces = (Piece*)cpu.Workspace;
        private int _count;

        public readonly bool IsFull => _count == CpuDevice.WorkspaceBytes / sizeof(Piece);

        public void Add(float* data, int count) => _pieces[_count++] = new Piece { Data = data, Count = count };

        /// <summary>The sum over the pieces, in their order; the list is then empty.</summary>
        public double SumOfSquares()
        {
            cpu.For(_count, new SquaresJob(_pieces));
            double sum = 0;
            for (int i = 0; i < _count; i++)
                sum += _pieces[i].Squares;
            _count = 0;
            return sum;
        }

        /// <summary>Multiplies the pieces; the list is then empty.</summary>
        public void Scale(float factor)
        {
            cpu.For(_count, new ScaleJob(_pieces, factor));
            _count = 0;
        }
    }

    private readonly struct SquaresJob(Piece* pieces) : ICpuJob
    {
        public void Execute(int task, int worker)
        {
            Piece* piece = pieces + task;
            Vector512<double> lower = Vector512<double>.Zero, upper = Vector512<double>.Zero;
            for (int i = 0; i < piece->Count; i += Lanes.Count)
            {
                Vector512<float> g = Lanes.Load(piece->Data + i, piece->Count - i);
                Vector512<double> low = Vector512.WidenLower(g), high = Vector512.WidenUpper(g);
                lower = Vector512.FusedMultiplyAdd(low, low, lower);
                upper = Vector512.FusedMultiplyAdd(high, high, upper);
            }
            piece->Squares = Lanes.Sum(lower + upper);
        }
    }

    private readonly struct ScaleJob(Piece* pieces, float factor) : ICpuJob
    {
        public void Execute(int task, int worker)
        {
            Piece piece = pieces[task];
            for (int i = 0; i < piece.Count; i += Lanes.Count)
            {
                int left = piece.Count - i;
                Lanes.Store(Lanes.Load(piece.Data + i, left) * Vector512.Create(factor), piece.Data + i, left);
            }
        }
    }
}
