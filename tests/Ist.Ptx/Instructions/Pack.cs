using System.Numerics;
using Ist.Ptx.Execution;

namespace Ist.Ptx.Instructions;

/// <summary>mov d, {a, b, …}: the parts of a register, the lowest first.</summary>
internal sealed unsafe class Pack(Register d, Register[] parts) : Instruction
{
    public override void Execute(Warp warp, uint lanes)
    {
        for (uint rest = lanes; rest != 0; rest &= rest - 1)
        {
            int lane = BitOperations.TrailingZeroCount(rest);
            byte* to = warp.Get<byte>(d) + (lane * d.Bytes);
            foreach (var part in parts)
            {
                Buffer.MemoryCopy(warp.Get<byte>(part) + (lane * part.Bytes), to, part.Bytes, part.Bytes);
                to += part.Bytes;
            }
        }
    }
}
