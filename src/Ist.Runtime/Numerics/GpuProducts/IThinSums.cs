using ILGPU;
using Ist.Runtime.Devices.Gpu;

namespace Ist.Runtime.Numerics.GpuProducts;

/// <summary>A thread's sums of a product with few rows: four columns of each.</summary>
internal interface IThinSums<TSelf> where TSelf : struct, IThinSums<TSelf>
{
    /// <summary>Rows.</summary>
    static abstract int Rows { get; }

    /// <summary>The sums with the products of one term.</summary>
    /// <param name="a">The left factor.</param>
    /// <param name="deep">The term.</param>
    /// <param name="b">The four columns' term.</param>
    TSelf With(ThinOperand a, int deep, Quad b);

    /// <summary>The sums with the products of four terms.</summary>
    /// <param name="a">The left factor, whose terms lie side by side.</param>
    /// <param name="deep">The first term.</param>
    /// <param name="b">The terms, a column in each quad.</param>
    TSelf With(ThinOperand a, int deep, QuadBlock b);

    /// <summary>What the threads of the warp have together, which every thread gets.</summary>
    TSelf SumOfWarp();

    /// <summary>Writes the rows, so far apart.</summary>
    void Store(ArrayView<Quad> to, int stride);
}
