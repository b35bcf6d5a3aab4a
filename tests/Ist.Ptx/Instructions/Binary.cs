using System.Numerics;
using System.Runtime.Intrinsics;
using Ist.Ptx.Execution;

namespace Ist.Ptx.Instructions;

/// <summary>d = op(a, b).</summary>
internal sealed unsafe class Binary<T, TOp>(Register d, Register a, Register b) : Instruction where T : unmanaged where TOp : IBinary<T>
{
    public override void Execute(Warp warp, uint lanes)
    {
        T* to = warp.Get<T>(d), left = warp.Get<T>(a), right = warp.Get<T>(b);
        if (lanes == uint.MaxValue)
        {
            if (TOp.HasVectors)
            {
                for (int lane = 0; lane < Warp.Lanes; lane += Vector256<T>.Count)
                    TOp.Of(Vector256.Load(left + lane), Vector256.Load(right + lane)).Store(to + lane);
                return;
            }
            for (int lane = 0; lane < Warp.Lanes; lane++)
                to[lane] = TOp.Of(left[lane], right[lane]);
            return;
        }
        for (uint rest = lanes; rest != 0; rest &= rest - 1)
        {
            int lane = BitOperations.TrailingZeroCount(rest);
            to[lane] = TOp.Of(left[lane], right[lane]);
        }
    }
}
