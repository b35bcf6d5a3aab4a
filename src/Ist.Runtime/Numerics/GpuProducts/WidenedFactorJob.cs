using ILGPU;
using Ist.Runtime.Devices.Gpu;

namespace Ist.Runtime.Numerics.GpuProducts;

/// <summary>Copies a factor as F32, line by line of its memory; four elements a thread, and 0 at the end of a line.</summary>
/// <param name="factor">The factor.</param>
/// <param name="terms">Its terms.</param>
/// <param name="line">Elements from one line of the copy to the next, a multiple of 4.</param>
/// <param name="copy">Receives it.</param>
/// <param name="rounds">Whether it is rounded to TF32.</param>
internal readonly struct WidenedFactorJob(ProductOperand factor, int terms, int line, ArrayView<Quad> copy, int rounds) : IGpuJob
{
    public void Execute()
    {
        int at = (int)(Quads.Element / 4);
        if (at < copy.Length)
            copy[at] = Rounded(factor.Fetch(at, 0, 0, terms, line, line));
    }

    private Quad Rounded(Quad values) => rounds == 0
        ? values
        : new Quad(GpuMath.RoundTF32(values.X), GpuMath.RoundTF32(values.Y), GpuMath.RoundTF32(values.Z), GpuMath.RoundTF32(values.W));
}
