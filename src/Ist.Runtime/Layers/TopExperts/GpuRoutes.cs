using ILGPU;
using Ist.Runtime.Devices;

namespace Ist.Runtime.Layers;

/// <summary>A <see cref="RouteTable"/> as kernels carry it.</summary>
internal readonly struct GpuRoutes
{
    public unsafe GpuRoutes(IlgpuDevice gpu, RouteTable table)
    {
        Choices = gpu.View(table.Choices, table.Count);
        Places = gpu.View(table.Places, table.Count);
        Experts = gpu.View(table.Experts, table.Count);
        PerRow = table.PerRow;
        Count = table.Count;
    }

    /// <summary>The choice at each place.</summary>
    public ArrayView<int> Choices { get; }

    /// <summary>The place of each choice.</summary>
    public ArrayView<int> Places { get; }

    /// <summary>The expert of each place; of each choice until the table is sorted.</summary>
    public ArrayView<int> Experts { get; }

    /// <summary>Choices of a row.</summary>
    public int PerRow { get; }

    /// <summary>Choices of all rows.</summary>
    public int Count { get; }
}
