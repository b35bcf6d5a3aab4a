using ILGPU;
using Ist.Runtime.Devices.Gpu;

namespace Ist.Runtime.Numerics.GpuProducts;

/// <summary>
/// What threads read ahead of a wide factor: four quads of each, in lines that lie evenly apart, copied past the registers into shared memory, where they stand
/// three times: while one is multiplied, the next two are on their way. A thread copies what it alone reads, so it waits for no other.
/// </summary>
internal struct LaneCopies
{
    /// <summary>Quads of all three.</summary>
    public const int Quads = 3 * Stage;

    private const int Stage = 4 * ProductPlan.Threads, LastStage = 2 * Stage, Size = 16;

    private readonly long _apart;
    private readonly long _step;
    private readonly uint _to;
    private long _from;
    private int _current;
    private int _next;

    /// <summary>The quads of a thread.</summary>
    /// <param name="from">The address of the first one.</param>
    /// <param name="apart">Bytes from one to the next.</param>
    /// <param name="step">Bytes from the first of four to the first of the next four.</param>
    public LaneCopies(long from, long apart, long step)
    {
        _from = from;
        _apart = apart;
        _step = step;
        _to = TensorCore.GivenShared() + (uint)(Group.IdxX * Size);
        _current = 0;
        _next = 0;
    }

    /// <summary>Begins to copy the next four; of them so many are there, and the others become 0.</summary>
    public void Begin(int count)
    {
        uint to = _to + (uint)(_next * Size);
        TensorCore.Copy(to, _from, count > 0 ? Size : 0);
        TensorCore.Copy(to + ProductPlan.Threads * Size, _from + _apart, count > 1 ? Size : 0);
        TensorCore.Copy(to + 2 * ProductPlan.Threads * Size, _from + 2 * _apart, count > 2 ? Size : 0);
        TensorCore.Copy(to + 3 * ProductPlan.Threads * Size, _from + 3 * _apart, count > 3 ? Size : 0);
        TensorCore.EndCopies();
        _from += _step;
        _next = _next == LastStage ? 0 : _next + Stage;
    }

    /// <summary>Waits for the first four that were not taken yet, after two more have begun.</summary>
    public QuadBlock Take()
    {
        TensorCore.WaitForAllButLastCopies();
        uint from = _to + (uint)(_current * Size);
        _current = _current == LastStage ? 0 : _current + Stage;
        return new QuadBlock
        {
            A = TensorCore.LoadQuad(from),
            B = TensorCore.LoadQuad(from + ProductPlan.Threads * Size),
            C = TensorCore.LoadQuad(from + 2 * ProductPlan.Threads * Size),
            D = TensorCore.LoadQuad(from + 3 * ProductPlan.Threads * Size),
        };
    }
}
