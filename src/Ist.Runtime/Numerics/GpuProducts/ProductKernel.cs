namespace Ist.Runtime.Numerics.GpuProducts;

/// <summary>The kernels of a product on a GPU.</summary>
internal enum ProductKernel
{
    /// <summary><see cref="Tile64Job"/>.</summary>
    Tile64,

    /// <summary><see cref="Tile128Job"/>.</summary>
    Tile128,
}
