using System.Numerics;
using Ist.Ptx.Execution;
using Ist.Ptx.Memory;

namespace Ist.Ptx.Instructions;

/// <summary>cp.async: copies 4, 8 or 16 bytes from global to shared memory; of fewer source bytes the rest becomes 0. Visible when waited for.</summary>
internal sealed unsafe class CopyAsync(Register to, long toOffset, Register from, long fromOffset, int bytes, Register? sourceBytes, int instruction) : Instruction
{
    public override void Execute(Warp warp, uint lanes)
    {
        for (uint rest = lanes; rest != 0; rest &= rest - 1)
        {
            int lane = BitOperations.TrailingZeroCount(rest);
            UInt128 data = 0;
            var span = new Span<byte>(&data, bytes);
            int given = sourceBytes is { } register ? (int)warp.Get<uint>(register)[lane] : bytes;
            if (given < 0 || given > bytes)
                throw warp.Fault(lane, $"copies {given} of {bytes} bytes");
            ulong source = warp.Get<ulong>(from)[lane] + (ulong)fromOffset;
            if (source % (ulong)bytes != 0)
                throw warp.Fault(lane, $"misaligned: an asynchronous copy of {bytes} bytes from 0x{source:x}");
            if (given == bytes)
                new Span<byte>(GlobalSpace.Access(warp, lane, source, bytes, AccessKind.Read, instruction), bytes).CopyTo(span);
            for (int i = 0; i < given && given < bytes; i++)
                span[i] = *GlobalSpace.Access(warp, lane, source + (ulong)i, 1, AccessKind.Read, instruction);
            ulong target = to.Bytes == 4 ? warp.Get<uint>(to)[lane] : warp.Get<ulong>(to)[lane];
            warp.Copies.Begin(lane, target + (ulong)toOffset, data, bytes);
        }
    }
}
