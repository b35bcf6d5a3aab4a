using Ist.Runtime.Devices.Gpu;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Numerics;

/// <summary>
/// A matrix as a factor of a product: a view with strides, so that a transposed matrix is the same memory with the strides
/// exchanged.
/// </summary>
/// <param name="data">Element (0, 0).</param>
/// <param name="dtype">F32, F16 or BF16.</param>
/// <param name="rowStride">Elements from a row to the next.</param>
/// <param name="columnStride">Elements from a column to the next.</param>
internal readonly unsafe struct MatrixOperand(void* data, DType dtype, long rowStride, long columnStride)
{
    /// <summary>Element (0, 0).</summary>
    public void* Data { get; } = data;

    /// <summary>The precision of the elements.</summary>
    public DType DType { get; } = dtype;

    /// <summary>Elements from a row to the next.</summary>
    public long RowStride { get; } = rowStride;

    /// <summary>Elements from a column to the next.</summary>
    public long ColumnStride { get; } = columnStride;

    /// <summary>The matrix as <see cref="SharedProduct"/> reads it as a right factor, packed beforehand; null where it is packed for each product.</summary>
    public float* Panels { get; init; }

    /// <summary>Bytes of an element.</summary>
    public int ElementSize => DType == DType.F32 ? 4 : 2;

    /// <summary>A row-major matrix of F32, or of BF16 at a <see cref="BFloat16Address"/>.</summary>
    public static MatrixOperand Plain(float* data, long columns) =>
        BFloat16Address.Is(data) ? new(BFloat16Address.Real(data), DType.BF16, columns, 1) : new(data, DType.F32, columns, 1);

    /// <summary>The transpose of such a matrix that has this many columns.</summary>
    public static MatrixOperand Transposed(float* data, long columns) => Plain(data, columns).Turned;

    /// <summary>The transpose: the same memory.</summary>
    public MatrixOperand Turned => new(Data, DType, ColumnStride, RowStride);

    /// <summary>The same matrix from a row and a column on.</summary>
    public MatrixOperand From(long row, long column)
    {
        long offset = row * RowStride + column * ColumnStride;
        return new MatrixOperand((byte*)Data + offset * ElementSize, DType, RowStride, ColumnStride);
    }
}
