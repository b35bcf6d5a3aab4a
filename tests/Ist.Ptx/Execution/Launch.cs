using Ist.Ptx.Memory;

namespace Ist.Ptx.Execution;

/// <summary>One launch: its blocks run one after the other on as many threads as the machine has processors.</summary>
internal sealed class Launch
{
    private PtxException? _fault;

    public required Kernel Kernel { get; init; }

    /// <summary>Which launch of the device, from 1.</summary>
    public required long Number { get; init; }

    public required DeviceMemory Memory { get; init; }

    public required Index3 Grid { get; init; }

    public required Index3 Threads { get; init; }

    public required int DynamicSharedBytes { get; init; }

    public required byte[] Parameters { get; init; }

    /// <summary>Branches backwards that a warp may take before it counts as hung.</summary>
    public required long BranchLimit { get; init; }

    /// <summary>Runs all blocks.</summary>
    /// <exception cref="PtxException">A thread did what it must not; later blocks then don't start.</exception>
    public void Run()
    {
        long blocks = Grid.Count, next = -1;
        int workers = (int)Math.Min(blocks, Environment.ProcessorCount);
        void Work()
        {
            using var block = new Block(this);
            long index;
            while (_fault is null && (index = Interlocked.Increment(ref next)) < blocks)
            {
                try
                {
                    block.Run(index);
                }
                catch (PtxException fault)
                {
                    Interlocked.CompareExchange(ref _fault, fault, null);
                }
            }
        }
        if (workers == 1)
            Work();
        else
            Parallel.For(0, workers, _ => Work());
        if (_fault is { } fault)
            throw fault;
    }
}
