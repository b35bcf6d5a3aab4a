namespace Ist.TestSupport;

/// <summary>Bytes that a thread takes from the managed heap.</summary>
internal static class Allocations
{
    private const int Attempts = 20;

    /// <summary>
    /// What an action allocates on this thread. A collection that tests on other threads bring about ends this thread's piece of
    /// the heap, whose rest then counts as allocated; so a measurement with one in it is taken again.
    /// </summary>
    /// <param name="action">It must be warm, and may run several times.</param>
    public static long Of(Action action)
    {
        long bytes = 0;
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            int collections = GC.CollectionCount(0);
            long before = GC.GetAllocatedBytesForCurrentThread();
            action();
            bytes = GC.GetAllocatedBytesForCurrentThread() - before;
            if (bytes == 0 || GC.CollectionCount(0) == collections)
                break;
        }
        return bytes;
    }
}
