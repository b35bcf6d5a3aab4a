namespace Ist.Runtime.Devices.Gpu;

/// <summary>
/// What a thread has of 16 rows or columns of a factor, for a tensor core. With g the thread's place in its warp by 4 and t the rest, it is
/// the terms at t of row g, those of row g + 8, and both once more from the second half of the terms: two terms of 16 bits each, or one of 32.
/// </summary>
internal struct Fragment(uint x, uint y, uint z, uint w)
{
    /// <summary>Row g, first half.</summary>
    public uint X = x;

    /// <summary>Row g + 8, first half.</summary>
    public uint Y = y;

    /// <summary>Row g, second half.</summary>
    public uint Z = z;

    /// <summary>Row g + 8, second half.</summary>
    public uint W = w;
}
