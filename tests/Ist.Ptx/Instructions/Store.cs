using System.Numerics;
using Ist.Ptx.Execution;
using Ist.Ptx.Memory;

namespace Ist.Ptx.Instructions;

/// <summary>st: one value or a vector of 2 or 4; of a wider register the lower bytes.</summary>
internal sealed unsafe class Store<TSpace, T, TRegister>(Register[] from, Register address, long offset, int instruction) : Instruction
    where TSpace : ISpace where T : unmanaged, IBinaryInteger<T> where TRegister : unmanaged, IBinaryInteger<TRegister>
{
    public override void Execute(Warp warp, uint lanes)
    {
        ulong* addresses = warp.Get<ulong>(address);
        if (from.Length == 1)
        {
            TRegister* values = warp.Get<TRegister>(from[0]);
            for (uint rest = lanes; rest != 0; rest &= rest - 1)
            {
                int lane = BitOperations.TrailingZeroCount(rest);
                *(T*)TSpace.Access(warp, lane, addresses[lane] + (ulong)offset, sizeof(T), AccessKind.Write, instruction) = T.CreateTruncating(values[lane]);
            }
            return;
        }
        int bytes = sizeof(T) * from.Length;
        for (uint rest = lanes; rest != 0; rest &= rest - 1)
        {
            int lane = BitOperations.TrailingZeroCount(rest);
            T* to = (T*)TSpace.Access(warp, lane, addresses[lane] + (ulong)offset, bytes, AccessKind.Write, instruction);
            for (int i = 0; i < from.Length; i++)
                to[i] = T.CreateTruncating(warp.Get<TRegister>(from[i])[lane]);
        }
    }
}
