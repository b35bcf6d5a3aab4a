namespace Ist.Runtime.Numerics.GpuProducts;

/// <summary>The terms of a sum lie side by side: A as it is, B transposed.</summary>
internal readonly struct DeepFirst : ITileOrder
{
    public static bool IsDeepFirst => true;
}
