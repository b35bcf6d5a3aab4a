using Ist.Ptx.Execution;

namespace Ist.Ptx.Memory;

/// <summary>A state space: checks one access of one lane and gives the memory of the host.</summary>
internal unsafe interface ISpace
{
    static abstract byte* Access(Warp warp, int lane, ulong address, int bytes, AccessKind kind, int instruction);
}
