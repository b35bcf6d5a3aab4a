namespace Ist.Ptx.Memory;

/// <summary>A copy of up to 16 bytes to shared memory that has begun.</summary>
internal readonly record struct AsyncCopy(int Lane, int Group, ulong Target, UInt128 Data, int Bytes);
