namespace Ist.Ptx.Execution;

/// <summary>A warp waits at a barrier: its number, the threads that it needs (null: all of the block), and what to do when it opens.</summary>
internal sealed record BarrierWait(Instruction At, int Number, int? Threads, uint Lanes, uint Predicate, Action<Warp, IReadOnlyList<BarrierWait>>? Opened);
