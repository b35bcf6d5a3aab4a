using ILGPU;
using Ist.Runtime.Devices;
using Ist.Runtime.Devices.Gpu;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Optimizers;

public sealed unsafe partial class AdamW
{
    private const int PieceElements = 8192, PieceThreads = 256;

    // A list as long as the workspace holds, on the host; made at the first step.
    private GpuPiece[]? _gpuPieces;

    private void Step(IlgpuDevice gpu, ReadOnlySpan<Parameter> active, double lr, Constants constants)
    {
        _gpuPieces ??= new GpuPiece[IlgpuDevice.WorkspaceBytes / sizeof(GpuPiece)];
        int count = 0;
        foreach (Parameter parameter in active)
        {
            Moments moments = _moments[parameter];
            Rates rates = NextRates(moments, lr);
            for (long at = 0; at < parameter.Count; at += PieceElements)
            {
                if (count == _gpuPieces.Length)
                    Update(gpu, ref count, constants);
                _gpuPieces[count++] = new GpuPiece
                {
                    Value = Place(parameter.Value + at),
                    Gradient = Place(parameter.Gradient + at),
                    First = Place(moments.First + at),
                    Second = Place(moments.Second + at),
                    Count = (int)Math.Min(PieceElements, parameter.Count - at),
                    Rates = rates,
                };
            }
        }
        Update(gpu, ref count, constants);
    }

    private void Update(IlgpuDevice gpu, ref int count, Constants constants)
    {
        fixed (GpuPiece* pieces = _gpuPieces)
            gpu.Upload(pieces, gpu.Workspace, (long)count * sizeof(GpuPiece));
        gpu.For(count, PieceThreads, new GpuUpdate(gpu.View((GpuPiece*)gpu.Workspace, count), gpu.View((float*)null, long.MaxValue / sizeof(float)), constants));
        count = 0;
    }

    private static long Place(float* address) => (long)address / sizeof(float);

    /// <summary>
    /// Some elements of a parameter, by their places in the device's memory; a group's work. A view of the device's memory counts in whole
    /// elements from address 0, so the size is a power of two.
    /// </summary>
    internal struct GpuPiece
    {
        public long Value, Gradient, First, Second;
        public int Count;
        public Rates Rates;
        private readonly long _fill0, _fill1;
    }

    /// <summary>A group updates one piece.</summary>
    internal readonly struct GpuUpdate(ArrayView<GpuPiece> pieces, ArrayView<float> memory, Constants constants) : IGpuJob
    {
        public void Execute()
        {
            GpuPiece piece = pieces[Grid.IdxX];
            for (int i = 4 * Group.IdxX; i < piece.Count; i += 4 * Group.DimX)
            {
                // Every tensor begins at a multiple of 64 bytes, and every piece of it too.
                int left = piece.Count - i;
                bool whole = left >= 4;
                Quad p = Quads.Load(memory, piece.Value + i, left, whole), g = Quads.Load(memory, piece.Gradient + i, left, whole);
                Quad m = Quads.Load(memory, piece.First + i, left, whole), v = Quads.Load(memory, piece.Second + i, left, whole);
                Update(ref p.X, g.X, ref m.X, ref v.X, piece.Rates);
                Update(ref p.Y, g.Y, ref m.Y, ref v.Y, piece.Rates);
                Update(ref p.Z, g.Z, ref m.Z, ref v.Z, piece.Rates);
                Update(ref p.W, g.W, ref m.W, ref v.W, piece.Rates);
                Quads.Store(p, memory, piece.Value + i, left, whole);
                Quads.Store(m, memory, piece.First + i, left, whole);
                Quads.Store(v, memory, piece.Second + i, left, whole);
            }
        }

        private void Update(ref float p, float g, ref float m, ref float v, Rates rates)
        {
            m = Flush(constants.Towards1 * (g - m) + m, SmallestMoment);
            float counted = Flush(g, SmallestGradient);
            v = Flush(v * constants.Beta2 + constants.Towards2 * counted * counted, SmallestMoment);
            p = p * rates.Decay + rates.MinusStepSize * m / (MathF.Sqrt(v) / rates.CorrectionRoot + constants.Epsilon);
        }

        private static float Flush(float x, float smallest) => IntrinsicMath.Abs(x) < smallest ? 0 : x;
    }
}
