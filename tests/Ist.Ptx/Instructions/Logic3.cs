using System.Numerics;
using Ist.Ptx.Execution;

namespace Ist.Ptx.Instructions;

/// <summary>lop3: each bit of the result is the bit of <paramref name="table"/> that the bits of a, b and c number.</summary>
internal sealed unsafe class Logic3(Register d, Register a, Register b, Register c, int table) : Instruction
{
    public override void Execute(Warp warp, uint lanes)
    {
        for (uint rest = lanes; rest != 0; rest &= rest - 1)
        {
            int lane = BitOperations.TrailingZeroCount(rest);
            uint x = warp.Get<uint>(a)[lane], y = warp.Get<uint>(b)[lane], z = warp.Get<uint>(c)[lane], result = 0;
            for (int i = 0; i < 8; i++)
            {
                if ((table >> i & 1) != 0)
                    result |= ((i & 4) != 0 ? x : ~x) & ((i & 2) != 0 ? y : ~y) & ((i & 1) != 0 ? z : ~z);
            }
            warp.Get<uint>(d)[lane] = result;
        }
    }
}
