using System.Numerics;
using Ist.Ptx.Execution;

namespace Ist.Ptx.Instructions;

/// <summary>slct: d = c >= 0 ? a : b; NaN takes b.</summary>
internal sealed unsafe class SelectBySign<T, TSign>(Register d, Register a, Register b, Register c) : Instruction
    where T : unmanaged where TSign : unmanaged, INumber<TSign>
{
    public override void Execute(Warp warp, uint lanes)
    {
        for (uint rest = lanes; rest != 0; rest &= rest - 1)
        {
            int lane = BitOperations.TrailingZeroCount(rest);
            warp.Get<T>(d)[lane] = warp.Get<TSign>(c)[lane] >= TSign.Zero ? warp.Get<T>(a)[lane] : warp.Get<T>(b)[lane];
        }
    }
}
