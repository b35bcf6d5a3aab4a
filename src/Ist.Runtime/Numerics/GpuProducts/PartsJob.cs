using ILGPU;
using Ist.Runtime.Devices.Gpu;

namespace Ist.Runtime.Numerics.GpuProducts;

/// <summary>C = or += alpha sum over parts, added in their order; four elements a thread.</summary>
/// <param name="target">Receives the sums.</param>
/// <param name="parts">[count, m, width].</param>
/// <param name="count">Parts.</param>
/// <param name="m">Rows.</param>
/// <param name="width">Columns of a part, a multiple of 4.</param>
internal readonly struct PartsJob(ProductTarget target, ArrayView<float> parts, int count, int m, int width) : IGpuJob
{
    public void Execute()
    {
        long at = Quads.Element / 4, size = (long)m * width / 4;
        if (at >= size)
            return;
        ArrayView<Quad> quads = parts.Cast<Quad>();
        Quad sums = quads[at];
        for (int part = 1; part < count; part++)
            sums += quads[part * size + at];
        target.Put(sums, (int)(at / (width / 4)), (int)(at % (width / 4)) * 4);
    }
}
