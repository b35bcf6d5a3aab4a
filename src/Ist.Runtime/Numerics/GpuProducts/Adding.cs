namespace Ist.Runtime.Numerics.GpuProducts;

/// <summary>C is added to.</summary>
internal readonly struct Adding : IUpdate
{
    public static bool Adds => true;
}
