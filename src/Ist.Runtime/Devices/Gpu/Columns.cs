using ILGPU;

namespace Ist.Runtime.Devices.Gpu;

/// <summary>
/// Sums over rows, column by column: a group is a warp of columns; its warps take the rows in turns, and the first adds up what they have
/// (<see cref="Lane.SumOfWarps"/>).
/// </summary>
internal static class Columns
{
    /// <summary>Warps that share the rows: each takes every eighth.</summary>
    public const int Slices = 8;

    /// <summary>Threads of a group.</summary>
    public const int Threads = Slices * Lane.Count;

    /// <summary>Groups for the columns.</summary>
    public static int Groups(int width) => (width + Lane.Count - 1) / Lane.Count;

    /// <summary>The thread's column, which may lie beyond the last.</summary>
    public static int Index => Grid.IdxX * Lane.Count + Lane.Index;
}
