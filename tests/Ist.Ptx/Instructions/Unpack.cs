using System.Numerics;
using Ist.Ptx.Execution;

namespace Ist.Ptx.Instructions;

/// <summary>mov {a, b, …}, d: the parts of a register, the lowest first; null is '_', which takes none.</summary>
internal sealed unsafe class Unpack(Register?[] parts, Register d) : Instruction
{
    public override void Execute(Warp warp, uint lanes)
    {
        int bytes = d.Bytes / parts.Length;
        for (uint rest = lanes; rest != 0; rest &= rest - 1)
        {
            int lane = BitOperations.TrailingZeroCount(rest);
            byte* from = warp.Get<byte>(d) + (lane * d.Bytes);
            foreach (var part in parts)
            {
                if (part is { } register)
                    Buffer.MemoryCopy(from, warp.Get<byte>(register) + (lane * bytes), bytes, bytes);
                from += bytes;
            }
        }
    }
}
