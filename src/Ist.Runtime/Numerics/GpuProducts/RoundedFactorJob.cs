using ILGPU;
using Ist.Runtime.Devices.Gpu;

namespace Ist.Runtime.Numerics.GpuProducts;

/// <summary>Copies a factor as BF16, rounded as <see cref="BFloat16Format"/> rounds, line by line of its memory; four elements a thread, and 0 at the end of a line.</summary>
/// <param name="factor">The factor.</param>
/// <param name="terms">Its terms.</param>
/// <param name="line">Elements from one line of the copy to the next, a multiple of 4.</param>
/// <param name="copy">Receives it, four elements in each.</param>
[NeedsCapability(8)]
internal readonly struct RoundedFactorJob(ProductOperand factor, int terms, int line, ArrayView<ulong> copy) : IGpuJob
{
    public void Execute()
    {
        int at = (int)(Quads.Element / 4);
        if (at >= copy.Length)
            return;
        Quad values = factor.Fetch(at, 0, 0, terms, line, line);
        copy[at] = TensorCore.BFloat16(values.X, values.Y) | (ulong)TensorCore.BFloat16(values.Z, values.W) << 32;
    }
}
