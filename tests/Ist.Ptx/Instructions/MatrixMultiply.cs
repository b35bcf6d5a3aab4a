using System.Numerics;
using Ist.Ptx.Execution;

namespace Ist.Ptx.Instructions;

/// <summary>
/// mma.sync.m16n8k{4,8,16}: d = a b + c with a [16, k] by rows, b [k, 8] by columns, c and d [16, 8] in float. In each lane, with g = lane / 4 and t = lane mod 4,
/// register i of c holds row g + 8 (i / 2), column 2 t + i mod 2. Products are exact, added in double
/// and cut to a float once, as an H200's sums are nearer to 0 than they should be. A device adds in an order of its own, so its results differ by a few units of the last place of the largest term.
/// </summary>
internal sealed unsafe class MatrixMultiply(MatrixElement element, int k, Register[] d, Register[] a, Register[] b, Register[] c) : Converging(null)
{
    public override void Execute(Warp warp, uint lanes)
    {
        if (lanes != uint.MaxValue)
            throw warp.Fault(BitOperations.TrailingZeroCount(lanes), "mma needs all 32 lanes of the warp");
        float* left = stackalloc float[16 * 16];
        float* right = stackalloc float[16 * 8];
        float* result = stackalloc float[4 * Warp.Lanes];
        int each = element == MatrixElement.TF32 ? 1 : 2;
        for (int lane = 0; lane < Warp.Lanes; lane++)
        {
            int g = lane / 4, t = lane % 4;
            // Registers run over rows g and g + 8 first, then over the next 4 registers' worth of columns.
            for (int i = 0; i < a.Length; i++)
            {
                int row = g + (8 * (i % 2)), column = each * (t + (4 * (i / 2)));
                for (int j = 0; j < each; j++)
                    left[(row * k) + column + j] = Value(warp.Get<uint>(a[i])[lane], j);
            }
            for (int i = 0; i < b.Length; i++)
            {
                int row = each * (t + (4 * i));
                for (int j = 0; j < each; j++)
                    right[((row + j) * 8) + g] = Value(warp.Get<uint>(b[i])[lane], j);
            }
        }
        for (int lane = 0; lane < Warp.Lanes; lane++)
        {
            for (int i = 0; i < 4; i++)
            {
                int row = (lane / 4) + (8 * (i / 2)), column = (2 * (lane % 4)) + (i % 2);
                double sum = warp.Get<float>(c[i])[lane];
                for (int x = 0; x < k; x++)
                    sum += (double)left[(row * k) + x] * right[(x * 8) + column];
                result[(i * Warp.Lanes) + lane] = Cut(sum);
            }
        }
        for (int i = 0; i < 4; i++)
            Buffer.MemoryCopy(result + (i * Warp.Lanes), warp.Get<float>(d[i]), 4 * Warp.Lanes, 4 * Warp.Lanes);
    }

    private static float Cut(double sum)
    {
        float nearest = (float)sum;
        return Math.Abs(nearest) <= Math.Abs(sum) || !double.IsFinite(sum) ? nearest : nearest > 0 ? MathF.BitDecrement(nearest) : MathF.BitIncrement(nearest);
    }

    private float Value(uint register, int part) => element switch
    {
        MatrixElement.BFloat16 => BitConverter.UInt32BitsToSingle(part == 0 ? register << 16 : register & 0xFFFF0000),
        MatrixElement.Half => (float)BitConverter.UInt16BitsToHalf((ushort)(register >> (16 * part))),
        // The lower 13 bits take no part.
        _ => BitConverter.UInt32BitsToSingle(register & 0xFFFFE000),
    };
}
