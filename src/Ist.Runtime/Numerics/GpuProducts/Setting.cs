namespace Ist.Runtime.Numerics.GpuProducts;

/// <summary>C is set, and not read.</summary>
internal readonly struct Setting : IUpdate
{
    public static bool Adds => false;
}
