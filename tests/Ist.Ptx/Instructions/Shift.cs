using System.Numerics;
using Ist.Ptx.Execution;

namespace Ist.Ptx.Instructions;

/// <summary>d = a shifted by b, an unsigned count of 32 bits; counts over the width act as the width.</summary>
internal sealed unsafe class Shift<T, TOp>(Register d, Register a, Register b) : Instruction where T : unmanaged where TOp : IShift<T>
{
    public override void Execute(Warp warp, uint lanes)
    {
        T* to = warp.Get<T>(d), from = warp.Get<T>(a);
        uint* counts = warp.Get<uint>(b);
        if (lanes == uint.MaxValue)
        {
            for (int lane = 0; lane < Warp.Lanes; lane++)
                to[lane] = TOp.Of(from[lane], counts[lane]);
            return;
        }
        for (uint rest = lanes; rest != 0; rest &= rest - 1)
        {
            int lane = BitOperations.TrailingZeroCount(rest);
            to[lane] = TOp.Of(from[lane], counts[lane]);
        }
    }
}
