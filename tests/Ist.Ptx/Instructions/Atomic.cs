using System.Numerics;
using System.Runtime.CompilerServices;
using Ist.Ptx.Execution;
using Ist.Ptx.Memory;

namespace Ist.Ptx.Instructions;

/// <summary>atom and red: d = old, new = op(old, b). <typeparamref name="TRaw"/> is the whole number of the same width.</summary>
internal sealed unsafe class Atomic<TSpace, T, TRaw, TOp>(Register? d, Register address, long offset, Register b, int instruction) : Instruction
    where TSpace : ISpace where T : unmanaged where TRaw : unmanaged, IBinaryInteger<TRaw> where TOp : IBinary<T>
{
    public override void Execute(Warp warp, uint lanes)
    {
        for (uint rest = lanes; rest != 0; rest &= rest - 1)
        {
            int lane = BitOperations.TrailingZeroCount(rest);
            ref TRaw place = ref *(TRaw*)TSpace.Access(warp, lane, warp.Get<ulong>(address)[lane] + (ulong)offset, sizeof(T), AccessKind.Atomic, instruction);
            T operand = warp.Get<T>(b)[lane];
            while (true)
            {
                TRaw before = Volatile(ref place);
                T after = TOp.Of(Unsafe.BitCast<TRaw, T>(before), operand);
                if (Interlocked.CompareExchange(ref place, Unsafe.BitCast<T, TRaw>(after), before) != before)
                    continue;
                if (d is { } old)
                    warp.Get<TRaw>(old)[lane] = before;
                break;
            }
        }
    }

    private static TRaw Volatile(ref TRaw place) => Interlocked.CompareExchange(ref place, TRaw.Zero, TRaw.Zero);
}
