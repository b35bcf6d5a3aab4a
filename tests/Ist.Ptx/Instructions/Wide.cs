using System.Numerics;
using Ist.Ptx.Execution;

namespace Ist.Ptx.Instructions;

/// <summary>d = a b + c of twice the width (mul.wide, mad.wide).</summary>
internal sealed unsafe class Wide<T, TWide>(Register d, Register a, Register b, Register? c) : Instruction
    where T : unmanaged, IBinaryInteger<T> where TWide : unmanaged, IBinaryInteger<TWide>
{
    public override void Execute(Warp warp, uint lanes)
    {
        TWide* to = warp.Get<TWide>(d);
        T* left = warp.Get<T>(a), right = warp.Get<T>(b);
        if (c is not { } added)
        {
            if (lanes == uint.MaxValue)
            {
                for (int lane = 0; lane < Warp.Lanes; lane++)
                    to[lane] = TWide.CreateTruncating(left[lane]) * TWide.CreateTruncating(right[lane]);
                return;
            }
            for (uint rest = lanes; rest != 0; rest &= rest - 1)
            {
                int lane = BitOperations.TrailingZeroCount(rest);
                to[lane] = TWide.CreateTruncating(left[lane]) * TWide.CreateTruncating(right[lane]);
            }
            return;
        }
        TWide* third = warp.Get<TWide>(added);
        for (uint rest = lanes; rest != 0; rest &= rest - 1)
        {
            int lane = BitOperations.TrailingZeroCount(rest);
            to[lane] = (TWide.CreateTruncating(left[lane]) * TWide.CreateTruncating(right[lane])) + third[lane];
        }
    }
}
