using System.Numerics;
using Ist.Ptx.Execution;
using Ist.Ptx.Memory;

namespace Ist.Ptx.Instructions;

/// <summary>
/// ldmatrix: 1, 2 or 4 matrices of 8 rows with 8 values of 16 bits from shared memory. Lane 8 m + r gives the address of row r of matrix m; lane l gets
/// values 2 (l mod 4) and the next of row l / 4, or, transposed, of column l / 4.
/// </summary>
internal sealed unsafe class LoadMatrix(Register[] to, Register address, long offset, bool transposed) : Converging(null)
{
    public override void Execute(Warp warp, uint lanes)
    {
        if (lanes != uint.MaxValue)
            throw warp.Fault(BitOperations.TrailingZeroCount(lanes), "ldmatrix needs all 32 lanes of the warp");
        ushort* matrix = stackalloc ushort[64];
        for (int m = 0; m < to.Length; m++)
        {
            for (int row = 0; row < 8; row++)
            {
                int lane = (8 * m) + row;
                ulong start = (address.Bytes == 4 ? warp.Get<uint>(address)[lane] : warp.Get<ulong>(address)[lane]) + (ulong)offset;
                byte* from = SharedSpace.Access(warp, lane, start, 16, AccessKind.Read, 0);
                Buffer.MemoryCopy(from, matrix + (8 * row), 16, 16);
            }
            uint* result = warp.Get<uint>(to[m]);
            for (int lane = 0; lane < Warp.Lanes; lane++)
            {
                int row = lane / 4, column = 2 * (lane % 4);
                result[lane] = transposed
                    ? matrix[(8 * column) + row] | ((uint)matrix[(8 * (column + 1)) + row] << 16)
                    : matrix[(8 * row) + column] | ((uint)matrix[(8 * row) + column + 1] << 16);
            }
        }
    }
}
