using System.Numerics;
using Ist.Ptx.Execution;

namespace Ist.Ptx.Instructions;

/// <summary>d = a.</summary>
internal sealed unsafe class Move<T>(Register d, Register a) : Instruction where T : unmanaged
{
    public override void Execute(Warp warp, uint lanes)
    {
        T* to = warp.Get<T>(d), from = warp.Get<T>(a);
        if (lanes == uint.MaxValue)
        {
            Buffer.MemoryCopy(from, to, Warp.Lanes * sizeof(T), Warp.Lanes * sizeof(T));
            return;
        }
        for (uint rest = lanes; rest != 0; rest &= rest - 1)
        {
            int lane = BitOperations.TrailingZeroCount(rest);
            to[lane] = from[lane];
        }
    }
}
