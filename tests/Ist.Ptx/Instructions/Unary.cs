using System.Numerics;
using Ist.Ptx.Execution;

namespace Ist.Ptx.Instructions;

/// <summary>d = op(a).</summary>
internal sealed unsafe class Unary<T, TOp>(Register d, Register a) : Instruction where T : unmanaged where TOp : IUnary<T>
{
    public override void Execute(Warp warp, uint lanes)
    {
        T* to = warp.Get<T>(d), from = warp.Get<T>(a);
        for (uint rest = lanes; rest != 0; rest &= rest - 1)
        {
            int lane = BitOperations.TrailingZeroCount(rest);
            to[lane] = TOp.Of(from[lane]);
        }
    }
}
