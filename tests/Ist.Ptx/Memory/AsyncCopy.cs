namespace Ist.Ptx.Memory;

/// <summary>A copy to shared memory that has begun.</summary>
internal sealed record AsyncCopy(int Lane, int Group, ulong Target, byte[] Data);
