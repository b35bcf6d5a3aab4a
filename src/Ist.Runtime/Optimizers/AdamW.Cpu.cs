using System.Runtime.Intrinsics;
using Ist.Runtime.Devices;
using Ist.Runtime.Numerics;

namespace Ist.Runtime.Optimizers;

public sealed unsafe partial class AdamW
{
    // The smallest normal number, and what a gradient must have for (1 - beta2) g g to be about that.
    private const float SmallestMoment = 1.17549435e-38f;
    private const float SmallestGradient = 3.469447e-18f;

    /// <summary>What all parameters of a step share.</summary>
    internal readonly struct Constants(double beta1, double beta2, double epsilon)
    {
        public readonly float Towards1 = (float)(1 - beta1);
        public readonly float Beta2 = (float)beta2;
        public readonly float Towards2 = (float)(1 - beta2);
        public readonly float Epsilon = (float)epsilon;
    }

    /// <summary>What depends on a parameter's count of steps.</summary>
    internal readonly record struct Rates(float Decay, float MinusStepSize, float CorrectionRoot);

    /// <summary>Some elements of a parameter: a task.</summary>
    private readonly struct Piece(float* p, float* g, float* m, float* v, int count, Rates rates)
    {
        public int Count => count;

        public const int Elements = 16384;

        public void Update(in Constants constants)
        {
            Vector512<float> towards1 = Vector512.Create(constants.Towards1), beta2 = Vector512.Create(constants.Beta2);
            Vector512<float> towards2 = Vector512.Create(constants.Towards2), epsilon = Vector512.Create(constants.Epsilon);
            Vector512<float> decay = Vector512.Create(rates.Decay), minusStep = Vector512.Create(rates.MinusStepSize);
            Vector512<float> root = Vector512.Create(rates.CorrectionRoot);
            for (int i = 0; i < count; i += Lanes.Count)
            {
                int left = count - i;
                Vector512<float> gradient = Lanes.Load(g + i, left), first = Lanes.Load(m + i, left);
                first = Flush(Vector512.FusedMultiplyAdd(towards1, gradient - first, first), SmallestMoment);
                Vector512<float> counted = Flush(gradient, SmallestGradient);
                Vector512<float> second = Flush(Lanes.Load(v + i, left) * beta2 + towards2 * counted * counted, SmallestMoment);
                Vector512<float> divisor = Vector512.Sqrt(second) / root + epsilon;
                Lanes.Store(Lanes.Load(p + i, left) * decay + minusStep * first / divisor, p + i, left);
                Lanes.Store(first, m + i, left);
                Lanes.Store(second, v + i, left);
            }
        }

        private static Vector512<float> Flush(Vector512<float> x, float smallest) =>
            Vector512.ConditionalSelect(Vector512.LessThan(Vector512.Abs(x), Vector512.Create(smallest)), Vector512<float>.Zero, x);
    }

    /// <summary>Pieces in the device's workspace: so many small tensors start one job, and nothing is allocated.</summary>
    private ref struct PieceList(CpuDevice cpu, Constants constants)
    {
        private readonly Piece* _pieces = (Piece*)cpu.Workspace;
        private int _count;

        public void Add(Piece piece)
        {
            if (_count == CpuDevice.WorkspaceBytes / sizeof(Piece))
                Update();
            _pieces[_count++] = piece;
        }

        /// <summary>Updates the pieces; the list is then empty.</summary>
        public void Update()
        {
            cpu.For(_count, new UpdateJob(_pieces, _count, constants));
            _count = 0;
        }
    }

    private readonly struct UpdateJob(Piece* pieces, int count, Constants constants) : IMeasuredJob
    {
        public JobWork Work
        {
            get
            {
                long elements = 0;
                for (int i = 0; i < count; i++)
                    elements += pieces[i].Count;
                return new JobWork(0, 7.0 * elements * sizeof(float));
            }
        }

        public void Execute(int task, int worker) => pieces[task].Update(constants);
    }
}
