using Ist.Runtime.Declaring;
using Ist.Runtime.Devices;
using Ist.Runtime.Tensors;

namespace Ist.Testing.Tests;

/// <summary>The kernels of <see cref="Cube{D}"/>.</summary>
public static class Cube
{
    /// <summary>y = x^3.</summary>
    public static void Forward<D>(Run run, [Result] Act<D> y, Act<D> x) where D : IWidth
    {
        for (int row = 0; row < run.Rows; row++)
        {
            for (int i = 0; i < x.Width; i++)
                y.Row(row)[i] = x.Row(row)[i] * x.Row(row)[i] * x.Row(row)[i];
        }
    }

    /// <summary>dx = 3 x^2 dy.</summary>
    public static void BackwardSet<D>(Run run, Act<D> dx, Act<D> dy, Act<D> x, Cube<D> layer) where D : IWidth
    {
        for (int row = 0; row < run.Rows; row++)
        {
            for (int i = 0; i < x.Width; i++)
                dx.Row(row)[i] = layer.Factor * 3 * x.Row(row)[i] * x.Row(row)[i] * dy.Row(row)[i];
        }
    }
}
