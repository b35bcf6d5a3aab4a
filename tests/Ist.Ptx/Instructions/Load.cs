using System.Numerics;
using Ist.Ptx.Execution;
using Ist.Ptx.Memory;

namespace Ist.Ptx.Instructions;

/// <summary>ld: one value or a vector of 2 or 4; a wider register takes the value with its sign.</summary>
internal sealed unsafe class Load<TSpace, T, TRegister>(Register[] to, Register address, long offset, int instruction) : Instruction
    where TSpace : ISpace where T : unmanaged, IBinaryInteger<T> where TRegister : unmanaged, IBinaryInteger<TRegister>
{
    public override void Execute(Warp warp, uint lanes)
    {
        ulong* addresses = warp.Get<ulong>(address);
        TRegister* first = warp.Get<TRegister>(to[0]);
        if (to.Length == 1)
        {
            for (uint rest = lanes; rest != 0; rest &= rest - 1)
            {
                int lane = BitOperations.TrailingZeroCount(rest);
                first[lane] = TRegister.CreateTruncating(*(T*)TSpace.Access(warp, lane, addresses[lane] + (ulong)offset, sizeof(T), AccessKind.Read, instruction));
            }
            return;
        }
        int bytes = sizeof(T) * to.Length;
        for (uint rest = lanes; rest != 0; rest &= rest - 1)
        {
            int lane = BitOperations.TrailingZeroCount(rest);
            T* from = (T*)TSpace.Access(warp, lane, addresses[lane] + (ulong)offset, bytes, AccessKind.Read, instruction);
            for (int i = 0; i < to.Length; i++)
                warp.Get<TRegister>(to[i])[lane] = TRegister.CreateTruncating(from[i]);
        }
    }
}
