using System.Numerics;
using Ist.Ptx.Execution;
using Ist.Ptx.Memory;

namespace Ist.Ptx.Instructions;

/// <summary>atom.cas: d = old, new = old == b ? c : old. Without b, atom.exch: d = old, new = c.</summary>
internal sealed unsafe class AtomicExchange<TSpace, T>(Register d, Register address, long offset, Register? b, Register c, int instruction) : Instruction
    where TSpace : ISpace where T : unmanaged, IBinaryInteger<T>
{
    public override void Execute(Warp warp, uint lanes)
    {
        for (uint rest = lanes; rest != 0; rest &= rest - 1)
        {
            int lane = BitOperations.TrailingZeroCount(rest);
            ref T place = ref *(T*)TSpace.Access(warp, lane, warp.Get<ulong>(address)[lane] + (ulong)offset, sizeof(T), AccessKind.Atomic, instruction);
            T value = warp.Get<T>(c)[lane];
            warp.Get<T>(d)[lane] = b is { } expected
                ? Interlocked.CompareExchange(ref place, value, warp.Get<T>(expected)[lane])
                : Interlocked.Exchange(ref place, value);
        }
    }
}
