using ILGPU;
using Ist.Runtime.Devices.Gpu;

namespace Ist.Runtime.Numerics.GpuProducts;

/// <summary>
/// What threads read ahead of a wide factor: four quads of each, in lines that lie evenly apart, copied past the registers into shared memory, where they stand
/// four times: while one is multiplied, the next three are on their way. A thread copies what it alone reads, so it waits for no other.
/// </summary>
/// <typeparam name="TStored">How the factor is stored; it is widened as it is taken.</typeparam>
internal struct LaneCopies<TStored> where TStored : unmanaged, IStoredQuad<TStored>
{
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
        _to = TensorCore.GivenShared() + (uint)(Group.IdxX * TStored.Size);
        _current = 0;
        _next = 0;
    }

    /// <summary>Bytes of all four.</summary>
    public static int Bytes => 4 * Stage;

    // Of the quads of all threads: one of each, and four.
    private static int Turn => ProductPlan.Threads * TStored.Size;

    private static int Stage => 4 * Turn;

    /// <summary>Begins to copy the next four; of them so many are there, and the others become 0.</summary>
    public void Begin(int count)
    {
        uint to = _to + (uint)_next;
        TStored.Copy(to, _from, There(count));
        TStored.Copy(to + (uint)Turn, _from + _apart, There(count - 1));
        TStored.Copy(to + (uint)(2 * Turn), _from + 2 * _apart, There(count - 2));
        TStored.Copy(to + (uint)(3 * Turn), _from + 3 * _apart, There(count - 3));
        TensorCore.EndCopies();
        _from += _step;
        _next = _next == 3 * Stage ? 0 : _next + Stage;
    }

    // Bytes of a quad of which so many are there, without a branch.
    private static int There(int count) => IntrinsicMath.Clamp(count, 0, 1) * TStored.Size;

    /// <summary>Waits for the first four that were not taken yet, after three have begun.</summary>
    public QuadBlock Take()
    {
        TensorCore.WaitForAllButLastTwoCopies();
        uint from = _to + (uint)_current;
        _current = _current == 3 * Stage ? 0 : _current + Stage;
        return new QuadBlock
        {
            A = TStored.Load(from),
            B = TStored.Load(from + (uint)Turn),
            C = TStored.Load(from + (uint)(2 * Turn)),
            D = TStored.Load(from + (uint)(3 * Turn)),
        };
    }
}
