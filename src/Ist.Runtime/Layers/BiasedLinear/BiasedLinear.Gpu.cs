using ILGPU;
using Ist.Runtime.Devices;
using Ist.Runtime.Devices.Gpu;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

public static unsafe partial class BiasedLinear
{
    private static void Fill(IlgpuDevice gpu, float* y, Weight bias, int rows, int width) => gpu.For(
        rows, Quads.Threads(width), new GpuFill(gpu.Values(y, (long)rows * width), gpu.Stored(bias.Data, bias.DType, width), width));

    /// <summary>A group is a row.</summary>
    internal readonly struct GpuFill(Values y, Stored bias, int width) : IGpuJob
    {
        public void Execute()
        {
            long row = (long)Grid.IdxX * width;
            bool aligned = Quads.Align(width);
            for (int i = 4 * Group.IdxX; i < width; i += 4 * Group.DimX)
                Quads.Store(bias.Load(i, width - i, aligned), y, row + i, width - i, aligned);
        }
    }
}
