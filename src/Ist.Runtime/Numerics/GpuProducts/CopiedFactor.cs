namespace Ist.Runtime.Numerics.GpuProducts;

/// <summary>A factor as tiles copy it: in the format that is multiplied, in lines that begin at multiples of 16 bytes.</summary>
/// <param name="address">Of its first element.</param>
/// <param name="line">Bytes from one line of its memory to the next.</param>
/// <param name="count">Rows or columns that it gives the result.</param>
internal readonly struct CopiedFactor(long address, long line, int count)
{
    /// <summary>Address of its first element.</summary>
    public long Address => address;

    /// <summary>Bytes from one line of its memory to the next.</summary>
    public long Line => line;

    /// <summary>Rows or columns that it gives the result.</summary>
    public int Count => count;
}
