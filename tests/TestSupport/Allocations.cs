namespace Ist.TestSupport;

/// <summary>Bytes that a thread takes from the managed heap.</summary>
internal static class Allocations
{
    private const int Attempts = 20;

    /// <summary>
    /// What an action allocates on this thread whenever it runs: the least of several measurements. A collection that tests on other
    /// threads bring about ends this thread's piece of the heap, whose rest then counts as allocated, so one measurement alone says little.
    /// </summary>
    /// <param name="action">It must be warm, and may run several times.</param>
    public static long Of(Action action)
    {
        long least = long.MaxValue;
        for (int attempt = 0; attempt < Attempts && least > 0; attempt++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            action();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        return least;
    }
}
