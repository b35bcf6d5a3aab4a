namespace Ist.Runtime.Numerics;

/// <summary>How many rows a kernel multiplies; a struct, so that the JIT compiles each number apart.</summary>
internal interface IRowCount
{
    /// <summary>The number, 1 to <see cref="RowProduct.MostRows"/>.</summary>
    static abstract int Rows { get; }
}
