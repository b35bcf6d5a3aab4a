namespace Ist.Ptx.Memory;

/// <summary>The allocations of a device. Freed ones stay known for a while, so that a use after the free is told apart from a wild address.</summary>
internal sealed class DeviceMemory(long totalBytes)
{
    private const long QuarantineBytes = 64L << 20;

    private readonly Lock _lock = new();
    private readonly Queue<Allocation> _freed = new();
    private volatile Allocation[] _allocations = [];
    private long _quarantined;

    public long TotalBytes { get; } = totalBytes;

    public long UsedBytes { get; private set; }

    /// <summary>Memory that nobody has written. Null where the device has not that much.</summary>
    public Allocation? Allocate(long bytes)
    {
        lock (_lock)
        {
            if (bytes > TotalBytes - UsedBytes)
                return null;
            var allocation = new Allocation(bytes);
            UsedBytes += bytes;
            Add(allocation);
            return allocation;
        }
    }

    /// <summary>Registers memory of the host that kernels may use; it counts as written.</summary>
    public Allocation Register(nint host, long bytes)
    {
        lock (_lock)
        {
            var allocation = new Allocation(host, bytes);
            Add(allocation);
            return allocation;
        }
    }

    /// <summary>Frees what begins at <paramref name="address"/>. False where nothing begins there.</summary>
    public bool Free(ulong address)
    {
        lock (_lock)
        {
            if (Find(address) is not { IsFreed: false } allocation || allocation.Address != address)
                return false;
            if (!allocation.IsHost)
                UsedBytes -= allocation.Bytes;
            allocation.IsFreed = true;
            if (allocation.IsHost)
            {
                Drop(allocation);
                return true;
            }
            _freed.Enqueue(allocation);
            _quarantined += allocation.Bytes;
            while (_quarantined > QuarantineBytes)
            {
                var oldest = _freed.Dequeue();
                _quarantined -= oldest.Bytes;
                Drop(oldest);
            }
            return true;
        }
    }

    /// <summary>The allocation that holds an address, or the nearest below it; freed ones too.</summary>
    public Allocation? Find(ulong address)
    {
        var allocations = _allocations;
        int low = 0, high = allocations.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (allocations[middle].Address <= address)
                low = middle + 1;
            else
                high = middle;
        }
        return low == 0 ? null : allocations[low - 1];
    }

    private void Drop(Allocation allocation)
    {
        _allocations = [.. _allocations.Where(other => other != allocation)];
        allocation.Release();
    }

    private void Add(Allocation allocation)
    {
        var sorted = new List<Allocation>(_allocations);
        int at = sorted.FindIndex(other => other.Address > allocation.Address);
        sorted.Insert(at < 0 ? sorted.Count : at, allocation);
        _allocations = [.. sorted];
    }
}
