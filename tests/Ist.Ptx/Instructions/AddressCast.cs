using System.Numerics;
using Ist.Ptx.Execution;

namespace Ist.Ptx.Instructions;

/// <summary>cvta: an address of a space as a generic one, or back; the spaces are windows of the generic one.</summary>
internal sealed unsafe class AddressCast(Register d, Register a, ulong offset) : Instruction
{
    public override void Execute(Warp warp, uint lanes)
    {
        for (uint rest = lanes; rest != 0; rest &= rest - 1)
        {
            int lane = BitOperations.TrailingZeroCount(rest);
            warp.Get<ulong>(d)[lane] = warp.Get<ulong>(a)[lane] + offset;
        }
    }
}
