namespace Ist.Ptx.Memory;

internal enum AccessKind
{
    Read,
    Write,
    Atomic,
}
