namespace Ist.Ptx;

/// <summary>What is wrong with PTX text or with what it did: "kernel Add, line 31, block (2, 0, 0), thread (5, 0, 0): …".</summary>
public sealed class PtxException : Exception
{
    /// <summary>A fault in the text.</summary>
    /// <param name="line">Line of the PTX text, from 1.</param>
    /// <param name="problem">What is wrong.</param>
    public PtxException(int line, string problem) : base($"line {line}: {problem}") => (Line, Problem) = (line, problem);

    /// <summary>A fault of a thread that ran.</summary>
    /// <param name="kernel">Name of the kernel.</param>
    /// <param name="line">Line of the PTX text, from 1, with its text behind it.</param>
    /// <param name="source">The instruction as it was written.</param>
    /// <param name="block">The block's index in the grid.</param>
    /// <param name="thread">The thread's index in its block.</param>
    /// <param name="problem">What is wrong.</param>
    public PtxException(string kernel, int line, string source, Index3 block, Index3 thread, string problem)
        : base($"kernel {kernel}, line {line} ({source}), block {block}, thread {thread}: {problem}") =>
        (Kernel, Line, Block, Thread, Problem) = (kernel, line, block, thread, problem);

    /// <summary>Name of the kernel that ran; null for a fault in the text.</summary>
    public string? Kernel { get; }

    /// <summary>Line of the PTX text, from 1.</summary>
    public int Line { get; }

    /// <summary>The block's index in the grid.</summary>
    public Index3? Block { get; }

    /// <summary>The thread's index in its block.</summary>
    public Index3? Thread { get; }

    /// <summary>What is wrong, without the place.</summary>
    public string Problem { get; }
}
