using Ist.Runtime.Devices;

namespace Ist.Runtime.Models;

/// <summary>A layer whose frozen weight can be laid out for its products once for a whole run.</summary>
public interface IPackable
{
    /// <summary>Takes the memory and packs the weight. Called twice, first to measure (<see cref="Arena.Measuring"/>).</summary>
    void Pack(Arena arena);

    /// <summary>Reads the weight where it lies again, before the memory is given back.</summary>
    void Unpack();
}
