using ILGPU;
using Ist.Runtime.Devices.Gpu;

namespace Ist.Runtime.Numerics.GpuProducts;

/// <summary>Copies a factor as F32, line by line of its memory; four elements a thread, and 0 at the end of a line.</summary>
/// <param name="factor">The factor.</param>
/// <param name="terms">Its terms.</param>
/// <param name="line">Elements from one line of the copy to the next, a multiple of 4.</param>
/// <param name="copy">Receives it.</param>
/// <param name="rounds">Whether it is rounded to TF32: to the nearest with 10 bits of fraction, ties away from 0, as <c>cvt.rna.tf32.f32</c> does.</param>
internal readonly struct WidenedFactorJob(ProductOperand factor, int terms, int line, ArrayView<Quad> copy, int rounds) : IGpuJob
{
    public void Execute()
    {
        int at = (int)(Quads.Element / 4);
        if (at < copy.Length)
            copy[at] = Rounded(factor.Fetch(at, 0, 0, terms, line, line));
    }

    private Quad Rounded(Quad values) => rounds == 0 ? values : new Quad(Rounded(values.X), Rounded(values.Y), Rounded(values.Z), Rounded(values.W));

    private static float Rounded(float value)
    {
        uint bits = Interop.FloatAsInt(value);
        // Infinity stays what it is; of NaN the sum might be a number.
        return (bits & 0x7fffffff) > 0x7f800000 ? value : Interop.IntAsFloat((bits + 0x1000) & 0xffffe000);
    }
}
