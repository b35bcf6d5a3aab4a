using Ist.Runtime.Devices;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

/// <summary>Walks over the experts that have rows: which rows, and the run over them.</summary>
internal ref struct ExpertRows(Run run, Ids<Routes> routes, int experts)
{
    private readonly Run _run = run;
    private readonly RouteTable _table = new(routes, run.Rows);
    private int _next;

    /// <summary>The expert at hand.</summary>
    public int Expert { get; private set; } = -1;

    /// <summary>The first of its places.</summary>
    public int First { get; private set; }

    /// <summary>The run over its rows.</summary>
    public Run Run { get; private set; } = run;

    /// <summary>Goes to the next expert that has rows.</summary>
    public bool Next()
    {
        while (++Expert < experts)
        {
            First = _next;
            int rows = Count();
            _next += rows;
            if (rows == 0)
                continue;
            Run = _run.Over(rows);
            return true;
        }
        return false;
    }

    // Where work is counted or rehearsed there are no routes, and every expert has as many rows as any other.
    private readonly int Count() =>
        _run.Cpu.Counter is not null || _run.Gpu is { IsRehearsing: true } ? (int)((Expert + 1L) * _table.Count / experts - (long)Expert * _table.Count / experts)
        : _run.Gpu is { } gpu ? gpu.RouteCounts.Of(routes, experts)[Expert]
        : _table.CountOf(Expert, First);

    /// <summary>The expert's part of some copies.</summary>
    public readonly unsafe Act<W> Of<W>(Act<Routed<W>> copies, int width) where W : IWidth => new(copies.Data + (long)First * width, width);

    /// <summary>The expert's part of a slot's buffer, which has so many floats for each place.</summary>
    public readonly unsafe Act<Own> Saved(Act<Own> buffer, int room, int width) => new(buffer.Data + (long)First * room, width);
}
