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
        int bytes = sizeof(T) * to.Length;
        TRegister* first = warp.Get<TRegister>(to[0]);
        for (uint rest = lanes; rest != 0; rest &= rest - 1)
        {
            int lane = BitOperations.TrailingZeroCount(rest);
            T* from = (T*)TSpace.Access(warp, lane, addresses[lane] + (ulong)offset, bytes, AccessKind.Read, instruction);
            first[lane] = TRegister.CreateTruncating(from[0]);
            for (int i = 1; i < to.Length; i++)
                warp.Get<TRegister>(to[i])[lane] = TRegister.CreateTruncating(from[i]);
        }
    }
}
