using System.Numerics;
using System.Runtime.InteropServices;
using Ist.Ptx.Execution;

namespace Ist.Ptx.Instructions;

/// <summary>ld.param of a kernel: one value for all lanes.</summary>
internal sealed unsafe class LoadParameter<T, TRegister>(Register[] to, int offset) : Instruction
    where T : unmanaged, IBinaryInteger<T> where TRegister : unmanaged, IBinaryInteger<TRegister>
{
    public override void Execute(Warp warp, uint lanes)
    {
        var values = MemoryMarshal.Cast<byte, T>(warp.Block.Launch.Parameters.AsSpan(offset, sizeof(T) * to.Length));
        for (uint rest = lanes; rest != 0; rest &= rest - 1)
        {
            int lane = BitOperations.TrailingZeroCount(rest);
            for (int i = 0; i < to.Length; i++)
                warp.Get<TRegister>(to[i])[lane] = TRegister.CreateTruncating(values[i]);
        }
    }
}
