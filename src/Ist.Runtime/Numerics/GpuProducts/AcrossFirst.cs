namespace Ist.Runtime.Numerics.GpuProducts;

/// <summary>Rows or columns lie side by side: A transposed, B as it is.</summary>
internal readonly struct AcrossFirst : ITileOrder
{
    public static bool IsDeepFirst => false;
}
