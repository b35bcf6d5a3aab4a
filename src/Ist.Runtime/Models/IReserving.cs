using Ist.Runtime.Devices;

namespace Ist.Runtime.Models;

/// <summary>A layer that needs memory of its own for a run, beside its values: a table, a cache.</summary>
public interface IReserving
{
    /// <summary>Takes the memory. Called twice, first to measure (<see cref="Arena.Measuring"/>).</summary>
    void Reserve(Arena arena);
}
