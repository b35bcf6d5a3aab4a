using System.Numerics;
using Ist.Ptx.Execution;

namespace Ist.Ptx.Instructions;

/// <summary>cvt between whole numbers: the lower bits, or .sat the nearest value of the result's range; a wider register takes the sign.</summary>
internal sealed unsafe class ConvertWhole<TFrom, TTo, TRegister>(Register d, Register a, bool saturate) : Instruction
    where TFrom : unmanaged, IBinaryInteger<TFrom> where TTo : unmanaged, IBinaryInteger<TTo> where TRegister : unmanaged, IBinaryInteger<TRegister>
{
    public override void Execute(Warp warp, uint lanes)
    {
        TRegister* to = warp.Get<TRegister>(d);
        byte* from = warp.Get<byte>(a);
        for (uint rest = lanes; rest != 0; rest &= rest - 1)
        {
            int lane = BitOperations.TrailingZeroCount(rest);
            TFrom value = *(TFrom*)(from + (lane * a.Bytes));
            to[lane] = TRegister.CreateTruncating(saturate ? TTo.CreateSaturating(value) : TTo.CreateTruncating(value));
        }
    }
}
