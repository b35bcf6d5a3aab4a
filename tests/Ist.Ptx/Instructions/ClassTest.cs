using System.Numerics;
using Ist.Ptx.Execution;

namespace Ist.Ptx.Instructions;

/// <summary>testp: whether a is of a class of floating-point numbers.</summary>
internal sealed unsafe class ClassTest<T>(Register p, Register a, string kind) : Instruction where T : unmanaged, IFloatingPointIeee754<T>
{
    public override void Execute(Warp warp, uint lanes)
    {
        uint holds = 0;
        for (uint rest = lanes; rest != 0; rest &= rest - 1)
        {
            int lane = BitOperations.TrailingZeroCount(rest);
            T value = warp.Get<T>(a)[lane];
            bool isOfKind = kind switch
            {
                "finite" => T.IsFinite(value),
                "infinite" => T.IsInfinity(value),
                "number" => !T.IsNaN(value),
                "notanumber" => T.IsNaN(value),
                "normal" => T.IsNormal(value),
                _ => T.IsSubnormal(value),
            };
            if (isOfKind)
                holds |= 1u << lane;
        }
        warp.SetPredicate(p, lanes, holds);
    }
}
