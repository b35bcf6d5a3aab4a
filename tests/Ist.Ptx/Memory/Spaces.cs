using System.Runtime.CompilerServices;
using Ist.Ptx.Execution;

namespace Ist.Ptx.Memory;

/// <summary>.global, and .const, which is global memory that is never written.</summary>
internal readonly unsafe struct GlobalSpace : ISpace
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte* Access(Warp warp, int lane, ulong address, int bytes, AccessKind kind, int instruction) =>
        warp.Block.Global.Access(warp, lane, address, bytes, kind, instruction);
}

/// <summary>.shared.</summary>
internal readonly unsafe struct SharedSpace : ISpace
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte* Access(Warp warp, int lane, ulong address, int bytes, AccessKind kind, int instruction) =>
        warp.Block.Shared.Access(warp, lane, address, bytes, kind);
}

/// <summary>.local, and .param of device functions.</summary>
internal readonly unsafe struct LocalSpace : ISpace
{
    public static byte* Access(Warp warp, int lane, ulong address, int bytes, AccessKind kind, int instruction) =>
        warp.Local.Access(warp, lane, address, bytes, kind);
}

/// <summary>Any of the three, as the address says: shared and local memory are windows far from all addresses of the host.</summary>
internal readonly unsafe struct GenericSpace : ISpace
{
    public const ulong SharedWindow = 0x1000_0000_0000_0000;
    public const ulong LocalWindow = 0x2000_0000_0000_0000;
    private const ulong WindowBytes = 1UL << 32;

    public static byte* Access(Warp warp, int lane, ulong address, int bytes, AccessKind kind, int instruction) =>
        address - SharedWindow < WindowBytes ? SharedSpace.Access(warp, lane, address - SharedWindow, bytes, kind, instruction)
        : address - LocalWindow < WindowBytes ? LocalSpace.Access(warp, lane, address - LocalWindow, bytes, kind, instruction)
        : GlobalSpace.Access(warp, lane, address, bytes, kind, instruction);
}
