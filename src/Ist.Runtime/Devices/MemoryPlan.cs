namespace Ist.Runtime.Devices;

/// <summary>How many bytes a run needs, by kind, known before anything is allocated.</summary>
public sealed class MemoryPlan
{
    private readonly long[] _bytes = new long[Enum.GetValues<MemoryKind>().Length];

    /// <summary>Bytes of one kind.</summary>
    public long this[MemoryKind kind] => _bytes[(int)kind];

    /// <summary>Bytes in all.</summary>
    public long Total => _bytes.Sum();

    /// <summary>Adds bytes of a kind.</summary>
    public void Add(MemoryKind kind, long bytes) => _bytes[(int)kind] += bytes;
}
