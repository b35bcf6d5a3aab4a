namespace Ist.Runtime.Numerics.GpuProducts;

/// <summary>How a factor lies in memory, and its tiles in shared memory likewise.</summary>
internal interface ITileOrder
{
    /// <summary>Whether the terms of a sum lie side by side.</summary>
    static abstract bool IsDeepFirst { get; }
}
