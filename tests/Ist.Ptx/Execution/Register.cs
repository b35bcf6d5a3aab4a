namespace Ist.Ptx.Execution;

/// <summary>A register of a warp: its number, where its 32 lanes begin in the warp's register file, and the bytes of each lane; a predicate has none.</summary>
internal readonly record struct Register(int Index, int Offset, int Bytes)
{
    public bool IsPredicate => Bytes == 0;
}
