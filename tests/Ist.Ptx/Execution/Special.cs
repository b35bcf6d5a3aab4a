namespace Ist.Ptx.Execution;

/// <summary>Registers that a thread is born with.</summary>
internal enum Special
{
    TidX,
    TidY,
    TidZ,
    NtidX,
    NtidY,
    NtidZ,
    CtaidX,
    CtaidY,
    CtaidZ,
    NctaidX,
    NctaidY,
    NctaidZ,
    LaneId,
    WarpId,
    NumberOfWarps,
    WarpSize,
    LanesEqual,
    LanesBelow,
    LanesUpTo,
    LanesAbove,
    LanesFrom,
    DynamicSharedAddress,
    DynamicSharedBytes,
    TotalSharedBytes,
}
